/**
 * How a component is made: a JSON Schema literal, from which json-schema-to-ts infers what its factory receives, and a
 * factory. Built-ins and plugins use the same functions; defining registers nothing.
 */
import type { ExtendedJSONSchema, FromExtendedSchema } from "json-schema-to-ts";
import type * as Contracts from "../contracts/index.js";
import type { FieldSchema, Shape } from "../tensor/fields.js";
import { asOwner } from "../tensor/owner.js";

/** What a built slot is, by kind. */
export interface Products {
  dataset: Contracts.Dataset;
  encoder: Contracts.Encoder;
  decoder: Contracts.Decoder;
  posterior: Contracts.Posterior;
  prior: Contracts.Prior;
  likelihood: Contracts.Likelihood;
  head: Contracts.Head;
  objective: Contracts.Objective;
  schedule: Contracts.Schedule;
  optimizer: Contracts.Optimizer;
  metric: Contracts.Metric;
  layer: Contracts.LayerPlan;
  sampler: Contracts.Sampler;
}
/** What a factory cannot know by itself, by kind. */
export interface Contexts {
  dataset: Contracts.DatasetContext;
  encoder: Contracts.EncoderContext;
  decoder: Contracts.DecoderContext;
  posterior: Contracts.PosteriorContext;
  prior: Contracts.PriorContext;
  likelihood: Contracts.LikelihoodContext;
  head: Contracts.HeadContext;
  objective: Contracts.ObjectiveContext;
  schedule: Contracts.ScheduleContext;
  optimizer: object;
  metric: object;
  layer: object;
  sampler: object;
}
export type Kind = keyof Products;
export const KINDS = [
  "dataset",
  "encoder",
  "decoder",
  "posterior",
  "prior",
  "likelihood",
  "head",
  "objective",
  "schedule",
  "optimizer",
  "metric",
  "layer",
  "sampler",
] as const satisfies readonly Kind[];

/** Marks a slot in a schema: what stands there names a component of this kind. */
export type Slot = { component: Kind };
export type Schema = ExtendedJSONSchema<Slot>;
/** A slot's fields as validated: defaults filled, bare names rewritten to {type}. */
export type ResolvedFields = Readonly<Record<string, unknown>> & { readonly type: string };

type BuiltSlots = {
  deserialize: [
    { pattern: { component: "dataset" }; output: Contracts.Dataset },
    { pattern: { component: "encoder" }; output: Contracts.Encoder },
    { pattern: { component: "decoder" }; output: Contracts.Decoder },
    { pattern: { component: "posterior" }; output: Contracts.Posterior },
    { pattern: { component: "prior" }; output: Contracts.Prior },
    { pattern: { component: "likelihood" }; output: Contracts.Likelihood },
    { pattern: { component: "head" }; output: Contracts.Head },
    { pattern: { component: "objective" }; output: Contracts.Objective },
    { pattern: { component: "schedule" }; output: Contracts.Schedule },
    { pattern: { component: "optimizer" }; output: Contracts.Optimizer },
    { pattern: { component: "metric" }; output: Contracts.Metric },
    { pattern: { component: "layer" }; output: Contracts.LayerPlan },
    { pattern: { component: "sampler" }; output: Contracts.Sampler },
  ];
};
/** What a factory receives: validated fields with their slots built. */
export type Arguments<S extends Schema> = FromExtendedSchema<Slot, S, BuiltSlots>;

/**
 * Something that a part can do or that another needs of it: "density"; "reparameterized"; "factorized", independent over
 * dimensions, with a log-probability of each (`logProbElements`).
 */
export type Capability = string;
export interface Requirement {
  kind: Kind;
  capability: Capability;
  /** Why, in one line, and what would fit. */
  reason: string;
}
/** The rest of the model's resolved slots, for defaults that depend on a sibling. */
export type Siblings = Readonly<Partial<Record<Kind, ResolvedFields>>>;

/** What networks begin from: the field that is modeled, one example's shape of the latent. */
export interface Beginning {
  field: FieldSchema;
  latent: Shape;
}

export interface Definition<K extends Kind = Kind, S extends Schema = Schema> {
  readonly kind: K;
  /** `properties.type.const` is its name; `title`, `description` and each field's `description` are what `describe` prints. */
  readonly schema: S;
  /** What it computes, in a line or a few of plain text, in the names of the paper; units in words where they are not nats. */
  readonly formula?: string;
  /** Paper and equation, or what it is otherwise taken from. */
  readonly source?: string;
  readonly create: (args: never, context: Contexts[K]) => Products[K] | Promise<Products[K]>;
  /** Fills defaults that depend on a sibling, so that the resolved spec is complete. */
  readonly resolve?: (fields: ResolvedFields, siblings: Siblings) => ResolvedFields;
  readonly capabilities?: (fields: ResolvedFields) => readonly Capability[];
  readonly requires?: (fields: ResolvedFields) => readonly Requirement[];
  /** A likelihood or encoder says here why it cannot take a field: one line, what would fit included. */
  readonly refuses?: (fields: ResolvedFields, field: FieldSchema) => string | undefined;
  /** A dataset says here what it holds, before it is read. */
  readonly inspect?: (fields: ResolvedFields, context: Contracts.DatasetContext) => Contracts.DatasetDescription;
  /** A network that is written as a list, `layers`, says here what shape its first layer is given, as far as data and model tell. */
  readonly begins?: (fields: ResolvedFields, beginning: Beginning) => Shape;
  /** A layer says here what becomes of a shape, or refuses it by throwing SPEC_COMBINATION. `along` follows a list inside it. */
  readonly shape?: (fields: never, input: Shape, along: Contracts.ShapeAlong) => Shape;
  /** A head says here what it does with which field. */
  readonly plan?: (fields: ResolvedFields) => Contracts.HeadPlan;
  /** A schedule says here how many steps it takes to end, to be refused where the run is shorter; undefined: it never ends. */
  readonly duration?: (fields: ResolvedFields, context: Contracts.ScheduleContext) => number | undefined;
}
/** A definition of whichever kind: a list of them is what a folder's index, the built-ins and a plugin export. */
export type AnyDefinition = { [K in Kind]: Definition<K> }[Kind];
/** What a definition of one kind is written as: everything but its kind. `A` is `Arguments<S>`. */
export type Definable<K extends Kind, S extends Schema, A> = Omit<Definition<K>, "kind" | "create" | "schema"> & {
  readonly schema: S;
  create(args: A, context: Contexts[K]): K extends "dataset" ? Products[K] | Promise<Products[K]> : Products[K];
};

/** `A` has to be a parameter of its own: as a plain reference to Arguments<S> it is worked out for every schema there could be. */
const definer =
  <K extends Kind>(kind: K) =>
  <const S extends Schema, A = Arguments<S>>(definition: Definable<K, S, A>): Definition<K, S> =>
    ({ kind, ...definition }) as Definition<K, S>;

export const defineDataset = definer("dataset");
export const defineEncoder = definer("encoder");
export const defineDecoder = definer("decoder");
export const definePosterior = definer("posterior");
export const definePrior = definer("prior");
export const defineLikelihood = definer("likelihood");
export const defineHead = definer("head");
export const defineObjective = definer("objective");
export const defineSchedule = definer("schedule");
export const defineOptimizer = definer("optimizer");
export const defineMetric = definer("metric");
export const defineSampler = definer("sampler");

/** How a layer is written: what becomes of a shape, and what it computes once it knows its input. */
export interface DefinableLayer<S extends Schema, A> {
  readonly schema: S;
  readonly source?: string;
  /** @throws SPEC_COMBINATION where it cannot take that input: `unfit` of src/nn says why, in half a sentence */
  shape(args: A, input: Shape, along: Contracts.ShapeAlong): Shape;
  create(args: A, context: Contracts.LayerContext): Contracts.ConnectedLayer;
}
export const defineLayer = <const S extends Schema, A = Arguments<S>>({
  shape,
  create,
  ...definition
}: DefinableLayer<S, A>): Definition<"layer", S> => {
  const along: Contracts.ShapeAlong = (layers, input) => layers.reduce((from, layer) => layer.shape(from), input);
  const plan = (args: A): Contracts.LayerPlan => ({
    shape: (input) => shape(args, input, along),
    connect: (context) => {
      const apply = create(args, context);
      return (x, call) => asOwner(`layer/${typeOf(definition)}`, () => apply(x, call));
    },
  });
  return { kind: "layer", ...definition, shape, create: plan } as Definition<"layer", S>;
};

/** A definition's name: the constant of its schema's `type`. */
export const typeOf = (definition: { readonly schema: Schema }): string => {
  const { properties } = definition.schema as { properties: { type: { const: string } } };
  return properties.type.const;
};
