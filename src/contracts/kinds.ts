/**
 * The one table of the kinds of components: what each kind is built into, what its factories get, which hooks its definitions may
 * have, and what its components can declare that they are able to do. Everything else that lists kinds is derived from it.
 *
 * To add a kind: its contract in a file of this folder, a line in `kinds`, its interface in src/spec/spec-types.ts (plugins merge
 * their specs into it), `defineX` in src/spec/define.ts, its room in src/builtins.ts, and a slot in src/spec/experiment-schema.ts
 * or in the schema of another component. The compiler names the first three of these that are missing.
 */
import type { FieldSchema, FieldSchemas, Shape } from "../tensor/fields.js";
import type { Bijection, BijectionContext } from "./bijection.js";
import type { Dataset, DatasetContext, DatasetDeclaration, DatasetDescription } from "./dataset.js";
import type { Decoder, DecoderContext } from "./decoder.js";
import type { LatentSupport } from "./distribution.js";
import type { Encoder, EncoderContext } from "./encoder.js";
import type { Head, HeadContext, HeadPlan } from "./head.js";
import type { LayerPlan, ShapeAlong } from "./layer.js";
import type { Likelihood, LikelihoodContext } from "./likelihood.js";
import type { Metric, MetricDeclaration } from "./metric.js";
import type { Objective, ObjectiveContext } from "./objective.js";
import type { Optimizer } from "./optimizer.js";
import type { Posterior, PosteriorContext } from "./posterior.js";
import type { Prior, PriorContext } from "./prior.js";
import type { Regularizer, RegularizerContext } from "./regularizer.js";
import type { Sampler } from "./sampler.js";
import type { Curve, Schedule, ScheduleContext } from "./schedule.js";

/** Holds a type in a cell of the table; it is never called. */
const type = <T>(): T | undefined => undefined;
/** The context of a kind whose factories get nothing. */
const none = undefined;
/** What any part of a model, or what scores one, may have. */
const common = ["resolve", "capabilities", "requires"] as const;

/**
 * In the order in which they are listed and resolved: a decoder sees its encoder resolved. The capabilities:
 *
 *     density          logProb is a density (or a mass) of its own draws, and KL(q || p) is finite; of a sampler: it has logProb
 *     evaluable        logProb is known at any value, so that the posterior can stand in a mixture (VampPrior)
 *     mean             has a mean in closed form
 *     enumerable       one variable of finite support, which can be summed over
 *     discrete         draws are values of a discrete latent, in training too
 *     unrelaxed        draws are values of a discrete latent, so they have no gradient: an objective has to score them
 *     reparameterized  a draw has a gradient in the parameters of the distribution
 *     metric           its values have a Riemannian metric (`Distribution.logVolume`)
 *     joint            follows the gradient of ln p(x, z), so it is the last latent to be inferred
 *     sees/FIELD       of an encoder: has a feature map of that name, made of that field
 *     partial          leaves out the feature maps of fields that an example lacks
 *     factorized       independent over dimensions, with a log-probability of each (`logProbElements`)
 *     conditional      changes with its parents
 *     encodes          asks for q at pseudo-inputs; of a posterior: for the features of training examples
 *     scores           of an objective: learns from ln q of draws, which then need no gradient
 *     rateless         of an objective: its loss has no rate, so it does not train priors
 *     fixed            of a prior: has nothing to learn where it is not conditioned
 *     matches          of a regularizer: compares codes with draws of the prior, and moves both
 *     crosses          scores a draw under q of the other examples of its batch
 *     predicts         gives ln p(label)
 *     invertible       has an inverse, so that a density is known at any value
 */
export const kinds = {
  dataset: {
    product: type<Dataset>,
    made: type<Dataset | Promise<Dataset>>,
    context: type<DatasetContext>,
    hooks: ["resolve", "inspect"],
    capabilities: [],
  },
  encoder: {
    product: type<Encoder>,
    made: type<Encoder | Promise<Encoder>>,
    context: type<EncoderContext>,
    hooks: [...common, "refuses", "inputShape", "slotField"],
    capabilities: [],
  },
  decoder: {
    product: type<Decoder>,
    context: type<DecoderContext>,
    hooks: [...common, "refuses", "inputShape"],
    capabilities: [],
  },
  posterior: {
    product: type<Posterior>,
    context: type<PosteriorContext>,
    hooks: [...common, "family", "support", "examples", "refusesShape"],
    capabilities: [
      "density",
      "evaluable",
      "mean",
      "enumerable",
      "discrete",
      "unrelaxed",
      "reparameterized",
      "factorized",
      "joint",
      "metric",
      "partial",
      "encodes",
    ],
  },
  prior: {
    product: type<Prior>,
    context: type<PriorContext>,
    hooks: [...common, "family", "support", "examples", "refusesShape"],
    capabilities: ["density", "factorized", "conditional", "encodes", "fixed"],
  },
  likelihood: {
    product: type<Likelihood>,
    made: type<Likelihood | Promise<Likelihood>>,
    context: type<LikelihoodContext>,
    hooks: [...common, "refuses", "slotField"],
    capabilities: ["density"],
  },
  head: {
    product: type<Head>,
    context: type<HeadContext>,
    hooks: [...common, "plan"],
    capabilities: ["predicts"],
  },
  objective: {
    product: type<Objective>,
    context: type<ObjectiveContext>,
    hooks: common,
    capabilities: ["scores", "rateless"],
  },
  regularizer: {
    product: type<Regularizer>,
    context: type<RegularizerContext>,
    hooks: [...common, "reads", "refuses"],
    capabilities: ["crosses", "matches"],
  },
  schedule: {
    product: type<Schedule>,
    made: type<Curve>,
    context: type<ScheduleContext>,
    hooks: ["resolve", "duration"],
    capabilities: [],
  },
  optimizer: { product: type<Optimizer>, context: none, hooks: ["resolve"], capabilities: [] },
  metric: { product: type<Metric>, context: none, hooks: common, capabilities: [] },
  bijection: {
    product: type<Bijection>,
    context: type<BijectionContext>,
    hooks: [...common],
    capabilities: ["invertible"],
  },
  layer: { product: type<LayerPlan>, context: none, hooks: ["resolve", "shape"], capabilities: [] },
  sampler: { product: type<Sampler>, context: none, hooks: [...common, "support"], capabilities: ["density"] },
} as const satisfies Readonly<Record<string, KindEntry>>;

interface KindEntry {
  product: () => unknown;
  /** What a factory returns, where the builder makes the product of it. */
  made?: () => unknown;
  context: (() => unknown) | undefined;
  hooks: readonly HookName[];
  capabilities: readonly string[];
}
type Kinds = typeof kinds;

export type Kind = keyof Kinds;
export const KINDS = Object.keys(kinds) as readonly Kind[];

/** What a built slot is, by kind. */
export type Products = { [K in Kind]: NonNullable<ReturnType<Kinds[K]["product"]>> };
/** What a deferred slot is: builds its component. @param own what differs from the context that a component there has otherwise */
export type Deferred = { [K in Kind]: (own: Partial<Contexts[K]>) => Promise<Products[K]> };
/** What a factory returns, by kind. */
export type Made = {
  [K in Kind]: Kinds[K] extends { made: () => infer Value } ? NonNullable<Value> : Products[K];
};
/** What a factory cannot know by itself, by kind. */
export type Contexts = {
  [K in Kind]: Kinds[K]["context"] extends () => infer Context ? NonNullable<Context> : object;
};

/** A plugin's own, between its own components: "vq/codebook". */
export type OwnCapability = `${string}/${string}`;
/** Something that a part of this kind can do, or that another part needs of it. */
export type Capability<K extends Kind = Kind> = Kinds[K]["capabilities"][number] | OwnCapability;
export type Requirement = {
  [K in Kind]: {
    kind: K;
    capability: Capability<K>;
    /** "slots": of the components in its own slots, not of those beside it in the model. */
    within?: "slots";
    /** Why, in one line, and what would fit. */
    reason: string;
  };
}[Kind];

/** A slot's fields as validated: defaults filled, bare names rewritten to {type}. */
export type ResolvedFields = Readonly<Record<string, unknown>> & { readonly type: string };
/** The rest of the model's resolved slots, for defaults that depend on a sibling. */
export type Siblings = Readonly<Partial<Record<Kind, ResolvedFields>>>;
/** What the first layer of a network can depend on: the modeled field, and one example's shape of the latent. */
export interface ModelShapes {
  field: FieldSchema;
  latent: Shape;
}

/** What the components in the slots of a component are able to do. */
export interface SlotCapabilities {
  /** Whether each component of this kind has the capability. */
  all(kind: Kind, capability: Capability): boolean;
}

/** What a definition can say before anything is built. Which kinds may have which stands in `kinds`. */
interface HookSignatures {
  /** Fills defaults that depend on a sibling, so that the resolved spec is complete. */
  resolve: (fields: ResolvedFields, siblings: Siblings) => ResolvedFields;
  /** What a component with these fields is able to do. */
  capabilities: (fields: ResolvedFields, slots: SlotCapabilities) => readonly string[];
  requires: (fields: ResolvedFields) => readonly Requirement[];
  /** The family of the distributions that it makes, by which closed-form KLs are found (`Distribution.family`). */
  family: (fields: ResolvedFields) => string;
  /** Where its values lie, "real" unless said otherwise: one support of a posterior, any that a prior or a sampler can have. */
  support: (fields: ResolvedFields) => LatentSupport | readonly LatentSupport[];
  /** How many training examples it is initialized from, to be refused where there are fewer. */
  examples: (fields: ResolvedFields) => number;
  /** Why the latent of a posterior or a prior cannot have a shape: one line about "it". */
  refusesShape: (fields: ResolvedFields, latent: Shape) => string | undefined;
  /** Why a likelihood, a network or a regularizer cannot take a field: one line, what would fit included. */
  refuses: (fields: ResolvedFields, field: FieldSchema) => string | undefined;
  /**
   * What a component of the same kind in this slot is about: the part of the field that a likelihood models, the field of the data that an
   * encoder sees. The whole field unless said otherwise; undefined if none. A slot is a path: "numeric", "encoders/image".
   */
  slotField: (slot: string, field: FieldSchema, fields: FieldSchemas) => FieldSchema | undefined;
  /** What a dataset holds, before it is read. */
  inspect: (fields: ResolvedFields, context: DatasetContext) => DatasetDescription;
  /** The shape of one example that the first layer of a network written as a list, `layers`, is given. */
  inputShape: (fields: ResolvedFields, shapes: ModelShapes) => Shape;
  /** What a layer makes of a shape; it refuses one by throwing SPEC_COMBINATION. `along` follows a list of layers inside it. */
  shape: (fields: never, input: Shape, along: ShapeAlong) => Shape;
  /** The field of the data that a regularizer needs of every example, if any. */
  reads: (fields: ResolvedFields) => string | undefined;
  /** What a head does with which field. */
  plan: (fields: ResolvedFields) => HeadPlan;
  /** Steps until a schedule has ended, to be refused where the run is shorter; undefined where it never ends. */
  duration: (fields: ResolvedFields, context: ScheduleContext) => number | undefined;
}
export type HookName = keyof HookSignatures;
/** The hooks of a kind, each optional; those of other kinds are type errors. */
export type Hooks<K extends Kind> = {
  readonly [H in HookName]?: H extends Kinds[K]["hooks"][number]
    ? H extends "capabilities"
      ? (fields: ResolvedFields, slots: SlotCapabilities) => readonly Capability<K>[]
      : HookSignatures[H]
    : never;
};
/** What a definition of this kind declares beside its schema. */
export type Declares<K extends Kind> = K extends "metric"
  ? MetricDeclaration
  : K extends "dataset"
    ? DatasetDeclaration
    : unknown;
