/** One component by itself, built by the registry from fields as a spec has them. */
import type { Contexts, Kind, Products, ResolvedFields } from "../contracts/kinds.js";
import { Schedules } from "../contracts/schedule.js";
import { VaelabError } from "../errors.js";
import { bijectionShapes, buildPart } from "../experiments/training/build-model.js";
import { capabilitiesOf } from "../registry/checking/capabilities.js";
import { findingsOf } from "../registry/checking/messages.js";
import { applyResolveHooks } from "../registry/checking/resolve-hooks.js";
import { validatorOf } from "../registry/checking/validator.js";
import { createBuilder } from "../registry/components/build.js";
import type { Catalogue } from "../registry/components/catalogue.js";
import { type Part, partsOf } from "../registry/components/parts.js";
import { type AnyDefinition, type Definition, typeOf } from "../spec/define.js";
import { ParameterStore } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import { catalogueWith } from "./catalogue.js";
import { movedBindings } from "./values.js";

export interface ComponentOptions {
  /** As in a spec; those left out have their defaults. */
  fields?: Readonly<Record<string, unknown>>;
  /** Other components of the plugin, which may stand in its slots. */
  plugin?: readonly AnyDefinition[];
}

/** A component as a spec names it, before it is built. */
export interface Resolved {
  catalogue: Catalogue;
  fields: ResolvedFields;
  capabilities: readonly string[];
}

export interface BuiltComponent<K extends Kind> extends Resolved {
  made: Products[K];
  store: ParameterStore;
  /** Its parameters, near their initial values. */
  bindings: Readonly<Record<string, Tensor>>;
  /** Runs `body` with these values of its parameters. */
  bound<T>(body: () => T): T;
}

const ENCODER = { type: "mlp", hidden: [5] };

/** Fills defaults, those that depend on siblings too. @throws SPEC_INVALID, SPEC_COMBINATION, CONTRACT, PLUGIN */
export const resolveComponent = <K extends Kind>(
  definition: Definition<K>,
  { fields = {}, plugin = [] }: ComponentOptions = {},
): Resolved => {
  const { kind } = definition;
  const type = typeOf(definition);
  const catalogue = catalogueWith([definition as Definition as AnyDefinition, ...plugin]);
  const filled: Record<string, ResolvedFields> = {
    encoder: structuredClone(ENCODER),
    [kind]: { ...structuredClone(fields), type },
  };
  const where = `${kind}/${type}`;
  const faults = Object.entries(filled).flatMap(([each, value]) =>
    findingsOf(validatorOf(catalogue).component(each as Kind, value.type, value)),
  );
  if (faults.length > 0)
    throw new VaelabError(
      "SPEC_INVALID",
      faults.map(({ pointer, message }) => ({ where: `${where}${pointer}`, message })),
    );
  const slots = Object.fromEntries(Object.keys(filled).map((each) => [each, { component: each as Kind }]));
  const parts = partsOf(filled, { properties: slots }, catalogue);
  const refusals = applyResolveHooks(parts, catalogue);
  if (refusals.length > 0)
    throw new VaelabError(
      "SPEC_COMBINATION",
      refusals.map(({ message }) => ({ where, message })),
    );
  const part = parts.find((each) => each.kind === kind) as Part;
  return { catalogue, fields: part.fields, capabilities: capabilitiesOf(part) };
};

const TOTAL_STEPS = 100;
/**
 * @param context what a factory of this kind gets, without its parameters
 * @throws SPEC_INVALID, SPEC_COMBINATION, CONTRACT, PLUGIN
 */
export const buildComponent = async <K extends Kind>(
  definition: Definition<K>,
  context: Omit<Contexts[K], "parameters">,
  options: ComponentOptions = {},
): Promise<BuiltComponent<K>> => {
  const resolved = resolveComponent(definition, options);
  const store = new ParameterStore();
  const bijections =
    "latent" in context ? bijectionShapes(context as unknown as Contexts["posterior"] | Contexts["prior"]) : undefined;
  const made = await buildPart(
    { builder: createBuilder(resolved.catalogue), schedules: new Schedules(), totalSteps: TOTAL_STEPS, store },
    definition.kind,
    resolved.fields,
    `/model/${definition.kind}`,
    context,
    bijections,
  );
  const bindings = movedBindings(store);
  return { ...resolved, made, store, bindings, bound: (body) => store.bind(bindings, body) };
};
