/**
 * ajv with slots: the keyword `component` looks up the `type` of a value in the catalogue and runs the validator of that
 * component, compiled on first use. Errors get the right path, nested defaults are filled in, and components of plugins need
 * no recompilation.
 */
import { Ajv, type ErrorObject, type SchemaObject, type ValidateFunction } from "ajv";
import type { Kind } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import { mapValues } from "../../numerics/records.js";
import { experimentSchema } from "../../spec/experiment-schema.js";
import { isObject } from "../../storage/json.js";
import type { Catalogue } from "../components/catalogue.js";

export interface Validator {
  /** Fills in defaults in place and returns the errors. */
  experiment(value: unknown): readonly ErrorObject[];
  component(kind: Kind, type: string, value: unknown): readonly ErrorObject[];
}
/** Parameters of the keyword's error. */
export interface UnknownComponent {
  kind: Kind;
  type: unknown;
  known: readonly string[];
}

const validators = new WeakMap<Catalogue, Validator>();

export const validatorOf = (catalogue: Catalogue): Validator => {
  const made = validators.get(catalogue) ?? createValidator(catalogue);
  validators.set(catalogue, made);
  return made;
};

interface SlotCheck {
  (data: { type?: unknown }, context?: { instancePath: string }): boolean;
  errors?: Partial<ErrorObject>[];
}

/** Sizes and counts reach tensors as int32. */
const LARGEST_INTEGER = 2 ** 31 - 1;

/** The schema, in which integers without a maximum have that of int32. */
const boundIntegers = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(boundIntegers);
  if (!isObject(schema)) return schema;
  const bounded = mapValues(schema, boundIntegers);
  const isBounded = "maximum" in schema || "exclusiveMaximum" in schema;
  return schema.type === "integer" && !isBounded ? { ...bounded, maximum: LARGEST_INTEGER } : bounded;
};

const createValidator = (catalogue: Catalogue): Validator => {
  // Tests check the built-in schemas, so only plugin schemas are validated at run time; validating all, and code
  // optimized for many runs, would double the time of `vaelab validate`.
  const plugins = catalogue.parent !== undefined;
  const ajv = new Ajv({
    strict: true,
    allErrors: true,
    useDefaults: true,
    verbose: true,
    validateSchema: plugins,
    meta: plugins,
    code: { optimize: false },
  });
  ajv.addFormat("path", true);
  // What a schedule is for; it restricts nothing.
  ajv.addKeyword({ keyword: "role", schemaType: "string" });
  // When the component of a slot is built; it restricts nothing either.
  ajv.addKeyword({ keyword: "deferred", schemaType: "boolean" });
  // Saves the data and schema of inner errors, which outer keywords overwrite.
  const said = new WeakMap<Partial<ErrorObject>, Pick<ErrorObject, "data" | "schema" | "schemaPath">>();
  const restore = (error: ErrorObject): ErrorObject => ({ ...error, ...said.get(error) });
  const compiled = new Map<string, ValidateFunction>();
  const compile = (name: string, schema: object): ValidateFunction => {
    try {
      const validate = compiled.get(name) ?? ajv.compile(boundIntegers(schema) as SchemaObject);
      compiled.set(name, validate);
      return validate;
    } catch (error) {
      const message = `the schema of "${name}" is not valid: ${(error as Error).message}`;
      throw new VaelabError("CONTRACT", { message }, { cause: error });
    }
  };
  const componentValidator = (kind: Kind, type: unknown): ValidateFunction | undefined => {
    const definition = typeof type === "string" ? catalogue.get(kind, type) : undefined;
    return definition && compile(`${kind}/${type}`, definition.schema as SchemaObject);
  };
  ajv.addKeyword({
    keyword: "component",
    type: "object",
    schemaType: "string",
    errors: "full",
    modifying: true,
    compile(kind: Kind) {
      const check: SlotCheck = (data, context) => {
        const at = context!.instancePath;
        const validate = componentValidator(kind, data.type);
        if (!validate) {
          const params: UnknownComponent = { kind, type: data.type, known: catalogue.names(kind) };
          check.errors = [{ instancePath: at, keyword: "component", schemaPath: "", params, data }];
          return false;
        }
        if (validate(data)) return true;
        check.errors = (validate.errors ?? []).map(restore).map((error) => {
          const placed = { ...error, instancePath: at + error.instancePath };
          said.set(placed, { data: error.data, schema: error.schema, schemaPath: error.schemaPath });
          return placed;
        });
        return false;
      };
      return check;
    },
  });
  const run = (validate: ValidateFunction, value: unknown): readonly ErrorObject[] =>
    validate(value) ? [] : (validate.errors ?? []).map(restore);
  return {
    experiment: (value) => run(compile("experiment", experimentSchema), value),
    component: (kind, type, value) => {
      const validate = componentValidator(kind, type);
      return validate ? run(validate, value) : [];
    },
  };
};
