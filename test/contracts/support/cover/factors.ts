/** The factors of the design, taken from the registry, and the spec of a row. A new component is a new level. */
import { builtins } from "../../../../src/builtins.js";
import type { Kind, ResolvedFields } from "../../../../src/contracts/kinds.js";
import { capabilitiesOf } from "../../../../src/registry/checking/capabilities.js";
import type { Part } from "../../../../src/registry/components/parts.js";
import { schemaNode } from "../../../../src/registry/components/schema-nodes.js";
import { type AnyDefinition, type Definition, typeOf } from "../../../../src/spec/define.js";
import { supportsOf } from "../../../../src/spec/latents.js";
import { SUPPORTS } from "../../../../src/tensor/fields.js";
import type { Written } from "../../../../src/testing/experiment.js";
import { fieldOf } from "../../../../src/testing/tiny-data.js";
import { casesOfKind } from "../cases.js";
import type { Row } from "./pairwise.js";
import { STRUCTURES, type Tried } from "./structures.js";

const NONE = "none";
/** Kinds of which a model has one, and kinds that it can do without. */
const ONE = ["posterior", "prior", "likelihood", "objective", "encoder", "decoder"] as const satisfies readonly Kind[];
const OPTIONAL = ["regularizer", "head", "sampler"] as const satisfies readonly Kind[];
export const COVERED = [...ONE, ...OPTIONAL];
type Covered = (typeof COVERED)[number];
/** How the gradient of a bound is estimated is a level of its own. */
const ESTIMATOR = "estimator";

interface Level {
  name: string;
  fields: ResolvedFields;
}
/** Levels beside the defaults: without a rate, the only objective of a posterior without density. */
const MORE: Readonly<Partial<Record<Covered, readonly Level[]>>> = {
  objective: [{ name: "elbo, beta 0", fields: { type: "elbo", beta: 0 } }],
};

/** No unit of a small network dies, and its outputs have bounds: what is tried is whether a gradient can come through. */
const smoothed = ({ definition, fields, inner }: Pick<Part, "definition" | "fields" | "inner">): ResolvedFields => {
  const hasActivation = schemaNode(definition.schema).properties?.activation !== undefined;
  if (hasActivation) Object.assign(fields, { activation: "tanh" });
  // They stand within the fields.
  for (const part of inner) smoothed(part);
  return fields;
};

const levelsOf = (kind: Covered): Level[] => {
  const seen = new Map((MORE[kind] ?? []).map((level) => [level.name, level]));
  for (const { definition, fields, inner } of casesOfKind(kind)) {
    const { type, [ESTIMATOR]: estimator } = fields;
    const name = estimator === undefined ? type : `${type}, ${estimator}`;
    // The first case of a component has its defaults.
    if (!seen.has(name)) seen.set(name, { name, fields: smoothed({ definition, fields, inner }) });
  }
  return [...seen.values()];
};
const LEVELS = Object.fromEntries(COVERED.map((kind) => [kind, levelsOf(kind)])) as Record<Covered, Level[]>;

export const FACTORS: Readonly<Record<string, readonly string[]>> = {
  structure: Object.keys(STRUCTURES),
  data: ["image", "vector", "table"],
  ...Object.fromEntries(ONE.map((kind) => [kind, LEVELS[kind].map(({ name }) => name)])),
  ...Object.fromEntries(OPTIONAL.map((kind) => [kind, [NONE, ...LEVELS[kind].map(({ name }) => name)]])),
};

/** The component of a row, if it has one of that kind. */
export const componentOf = (row: Row, kind: Covered): ResolvedFields | undefined =>
  LEVELS[kind].find(({ name }) => name === row[kind])?.fields;

const definitionOf = (kind: Kind, { type }: ResolvedFields): AnyDefinition =>
  builtins.find((each) => each.kind === kind && typeOf(each) === type)! as Definition as AnyDefinition;

/** Values that the likelihood takes, in a field of that kind. */
const dataOf = (row: Row): object => {
  const kind = row.data as Parameters<typeof fieldOf>[0];
  const fields = componentOf(row, "likelihood")!;
  const { refuses } = definitionOf("likelihood", fields);
  const support = SUPPORTS.find((each) => refuses?.(fields, fieldOf(kind, each)) === undefined);
  return { type: "tiny", kind, train: TRAIN, ...(support && { support }) };
};

/** A size that both can have. */
const latentOf = (row: Row): Tried => {
  const [posterior, prior] = [componentOf(row, "posterior")!, componentOf(row, "prior")!];
  const definition = definitionOf("posterior", posterior);
  const [support] = supportsOf(definition, posterior);
  const able = capabilitiesOf({ definition, fields: posterior });
  const isSummed = able.includes("enumerable") && !able.includes("reparameterized");
  const isList = support === "codes" || (support === "one-hot" && prior.type === "autoregressive");
  return { posterior, prior, shape: isList ? [3, 2] : [3], ...(isSummed && { enumerate: true }) };
};

export const TRAIN = 48;
export const BATCH = 24;
export const STEPS = 30;
/** Small enough for heavy tails, and large enough to lower every loss in these steps. */
const LEARNING_RATE = 0.003;
/** What is measured of a trained model. */
export const METRICS = ["elbo", { type: "iwae-nll", samples: 4 }] as const;

export const specOf = (row: Row): Written => {
  const [encoder, decoder, likelihood, objective] = (["encoder", "decoder", "likelihood", "objective"] as const).map(
    (kind) => componentOf(row, kind)!,
  );
  const [regularizer, head, sampler] = OPTIONAL.map((kind) => componentOf(row, kind));
  return {
    data: dataOf(row),
    model: {
      encoder,
      decoder,
      likelihood,
      ...STRUCTURES[row.structure!]!(latentOf(row)),
      ...(head && { heads: [head] }),
    },
    objective: objective!,
    ...(regularizer && { regularizers: [regularizer] }),
    training: {
      epochs: Math.ceil((STEPS * BATCH) / TRAIN),
      batchSize: BATCH,
      optimizer: { type: "adam", learningRate: LEARNING_RATE },
    },
    evaluation: { metrics: [...METRICS], refit: { epochs: 0 }, ...(sampler && { samplers: [sampler] }) },
  };
};
