/**
 * Every registered component, and each way that its schema says it can be: its defaults, and one case for each other value of
 * an `enum` or a boolean. So a newly registered one is tried without being named here.
 */
import { join } from "node:path";
import { builtins } from "../../../src/builtins.js";
import type { Kind, ResolvedFields } from "../../../src/contracts/kinds.js";
import { LEARN } from "../../../src/models/likelihoods/positive-parameter.js";
import { ACTIVATIONS, WEIGHT_NORMALIZATIONS } from "../../../src/nn/index.js";
import { validatorOf } from "../../../src/registry/checking/validator.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { type Part, partsOf } from "../../../src/registry/components/parts.js";
import { type SchemaNode, schemaNode } from "../../../src/registry/components/schema-nodes.js";
import { type AnyDefinition, typeOf } from "../../../src/spec/define.js";
import { INITIALIZERS } from "../../../src/tensor/initializers.js";

export interface Case<K extends Kind = Kind> {
  kind: K;
  definition: Extract<AnyDefinition, { kind: K }>;
  /** "prior/vamp, bound sigmoid" */
  name: string;
  /** With the schema's defaults. */
  fields: ResolvedFields;
  /** The components in its slots. */
  inner: readonly Part[];
}

/** Fields whose defaults are meant for real data. */
const SMALL: Readonly<Record<string, unknown>> = {
  hidden: [5, 4],
  filters: [3, 2],
  strides: [2, 2],
  units: 3,
  width: 6,
  groups: 1,
  encoders: { x: { type: "mlp", hidden: [5] } },
  layers: [{ type: "flatten" }, { type: "dense", units: 4, activation: "tanh", bias: true }],
  components: 5,
  landmarks: 4,
  samples: 3,
  truncation: 4,
  train: 60,
  validation: 20,
  test: 20,
  perClass: 2,
  of: { type: "digits", train: 60, validation: 20, test: 20 },
  codes: 5,
  epochs: 2,
  levels: 2,
  bins: 2,
  points: [
    { step: 1, value: 0.5 },
    { step: 4, value: 1 },
    { step: 5, value: 0.25 },
  ],
};

/** Of components with many parameters, each of which is moved, and of those that pass through the model many times. */
const SMALLER: Readonly<Record<string, typeof SMALL>> = {
  ...Object.fromEntries(["iaf", "maf", "real-nvp"].map((type) => [`bijection/${type}`, { hidden: [3, 3] }])),
  "bijection/neural-spline": { hidden: [3] },
  "posterior/hamiltonian": { steps: 2 },
  "posterior/riemannian-hamiltonian": { steps: 2, iterations: 2 },
  "posterior/semi-amortized": { steps: 2 },
  "sampler/riemannian-uniform": { steps: 2, leapfrogSteps: 2 },
};

/** Fields that mean something beside another alone. */
const BESIDE: Readonly<Record<string, typeof SMALL>> = { baseline: { estimator: "nvil" } };

/** Values of plain numbers that are ways of their own. */
const TRIED: Readonly<Record<string, readonly unknown[]>> = { dropout: [0.3], restart: [0.5], depthDropout: [0.5] };

/** Dense layers and convolutions, and transposed ones. */
const NORMALIZED_WEIGHTS: ReadonlySet<string> = new Set(["encoder/conv", "decoder/conv"]);

/** Kinds whose optional fields are tried too; what a dataset may be given is for its own tests. */
const WITH_OPTIONS: readonly Kind[] = ["objective", "schedule", "optimizer"];
/** Components that are made from what another run or file holds: tests of their own make it first. */
const MADE_FROM_FILES: ReadonlySet<string> = new Set([
  "dataset/codes",
  "dataset/credit-card-fraud",
  "dataset/fashion-mnist",
  "dataset/mnist",
]);

/** Fields that state how a file is written. They have to agree with the file, so tests of the reader try them. */
const STATE_THE_FILE: ReadonlySet<string> = new Set([
  ...["header", "decimal", "thousands"].map((field) => `dataset/csv, ${field}`),
  ...["idx", "npy", "npz"].map((type) => `dataset/${type}, channels`),
  ...["npy", "npz"].map((type) => `dataset/${type}, sequences`),
]);

/** Supports that the values of the files of these tests do not have; tests of the readers try them. */
const OTHER_SUPPORTS: ReadonlySet<unknown> = new Set(["positive", "categorical", "one-hot"]);

const inData = (file: string): string => join(import.meta.dirname, "../../fixtures/data", file);
/** What data sets that read files are given to read, by type. */
const FILES: Readonly<Record<string, (fields: ResolvedFields) => Readonly<Record<string, unknown>>>> = {
  idx: () => ({ images: inData("train-images.idx3-ubyte.gz"), labels: inData("train-labels.idx1-ubyte") }),
  npy: ({ support }) =>
    support === "binary"
      ? { values: inData("numbers-b1.npy") }
      : { values: inData("images.npy"), labels: inData("labels.npy") },
  npz: ({ support }) => ({
    file: inData("digits.npz"),
    values: support === "binary" ? "bits" : "x_train",
    labels: "y_train",
  }),
  "image-folder": () => ({ folder: inData("pictures"), train: 16, validation: 4, test: 4 }),
  csv: () => ({ file: inData("penguins.csv"), columns: { id: "ignored" }, label: "species" }),
};

/** A value that a field's schema allows. */
const exampleOf = (node: SchemaNode): unknown => {
  const { minimum = 0 } = node as { minimum?: number };
  if (node.default !== undefined) return node.default;
  if (node.component === "schedule") return { type: "linear", initial: 0, final: 1, steps: 3 };
  if (node.properties)
    return Object.fromEntries(Object.entries(node.properties).map(([name, each]) => [name, exampleOf(each)]));
  // By latent: models of the laws have one, z.
  if (typeof node.additionalProperties === "object") return { z: exampleOf(node.additionalProperties) };
  if (node.enum) return node.enum[0];
  if (node.type === "integer") return Math.max(3, minimum);
  if (node.type === "number") return Math.max(0.5, minimum);
  if (node.type === "boolean") return false;
  throw new Error(`no example of ${JSON.stringify(node)}: give the field a default, or a value in SMALL`);
};

const catalogue = createCatalogue(builtins);
const validator = validatorOf(catalogue);

/** Values other than its default, of an enum or a boolean. */
const choicesOf = (node: SchemaNode): readonly unknown[] =>
  (node.type === "boolean" ? [true, false] : (node.enum ?? [])).filter((value) => value !== node.default);

/** An optional field in use; where it is an object, once for each choice within it. */
const usesOf = (node: SchemaNode): readonly unknown[] => {
  const example = exampleOf(node);
  const within = Object.entries(node.properties ?? {}).flatMap(([name, each]) =>
    choicesOf(each).map((value) => ({ ...(example as object), [name]: value })),
  );
  return [example, ...within];
};

const smallOf = (kind: Kind): typeof SMALL => {
  const { layers, ...others } = SMALL;
  // Those of a flow are bijections. Networks of 64 units, moved from their beginning, are so wide that mass lies beyond the range of the integral.
  if (kind === "prior" || kind === "sampler")
    return { ...others, layers: [1, 2].map(() => ({ type: "real-nvp", hidden: SMALL.hidden })) };
  if (kind === "posterior") return others;
  return kind === "layer" ? { ...SMALL, filters: 2, shape: [10, 4] } : SMALL;
};

const casesOf = (definition: AnyDefinition): Case[] => {
  const type = typeOf(definition);
  const { properties = {}, required = [] } = schemaNode(definition.schema);
  const small = { ...smallOf(definition.kind), ...SMALLER[`${definition.kind}/${type}`] };
  const fields = Object.entries(properties).filter(([name]) => name !== "type");
  const base: ResolvedFields = {
    type,
    ...Object.fromEntries(
      fields.flatMap(([name, node]) => {
        if (name in small) return [[name, small[name]]];
        return required.includes(name) && !FILES[type] ? [[name, exampleOf(node)]] : [];
      }),
    ),
  };
  const name = `${definition.kind}/${type}`;
  const others = fields.flatMap(([field, node]) => {
    // Activations are the same functions everywhere: one component tries them all. Initializers are no part of a step.
    if (node.enum === ACTIVATIONS && name !== "encoder/mlp") return [];
    if (node.enum === INITIALIZERS) return [];
    // Normalized weights are declared in one place: a network of each kind of linear layer tries them.
    if (node.enum === WEIGHT_NORMALIZATIONS && !NORMALIZED_WEIGHTS.has(name)) return [];
    if (STATE_THE_FILE.has(`${name}, ${field}`)) return [];
    const choices = [...choicesOf(node), ...(TRIED[field] ?? [])].filter((value) => {
      if (definition.kind === "dataset" && field === "support") return !OTHER_SUPPORTS.has(value);
      // One function makes what is learned: one component tries all ways, others the one that changes the decoder's outputs.
      return node.enum !== LEARN || name === "likelihood/gaussian" || value === "predicted";
    });
    const isOption = choices.length === 0 && !(field in base) && node.default === undefined;
    const values = isOption && WITH_OPTIONS.includes(definition.kind) ? usesOf(node) : choices;
    return values.map((value) => ({
      name: `${name}, ${field} ${typeof value === "object" ? JSON.stringify(value) : value}`,
      fields: { ...base, ...BESIDE[field], [field]: value },
    }));
  });
  return [{ name, fields: base }, ...others].map((each) => {
    const filled = { ...structuredClone(each.fields), ...FILES[type]?.(each.fields) };
    const faults = validator.component(definition.kind, type, filled);
    if (faults.length > 0) throw new Error(`${each.name} is refused by its own schema: ${JSON.stringify(faults)}`);
    const [part] = partsOf(filled, { component: definition.kind }, catalogue);
    return { kind: definition.kind, definition, name: each.name, fields: filled, inner: part!.inner };
  });
};

export const casesOfKind = <K extends Kind>(kind: K): Case<K>[] =>
  builtins
    .filter((definition) => definition.kind === kind && !MADE_FROM_FILES.has(`${kind}/${typeOf(definition)}`))
    .flatMap(casesOf) as unknown as Case<K>[];
