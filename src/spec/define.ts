/**
 * How a component is made: a JSON Schema literal, from which json-schema-to-ts infers what its factory receives, and a
 * factory. Built-ins and plugins use the same functions; defining registers nothing.
 */
import type { FromExtendedSchema } from "json-schema-to-ts";
import type * as Contracts from "../contracts/index.js";
import type { Contexts, Declares, Deferred, Hooks, Kind, Made, Products } from "../contracts/kinds.js";
import type { Shape } from "../tensor/fields.js";
import { asOwner } from "../tensor/owner.js";
import type { Schema, Slot, SlotsAs } from "./slots.js";

/** What a factory receives: validated fields with their slots built. */
export type Arguments<S extends Schema> = FromExtendedSchema<Slot, S, { deserialize: SlotsAs<Products, Deferred> }>;

interface Documentation<S extends Schema> {
  /** `properties.type.const` is its name; `title`, `description` and each field's `description` are what `describe` prints. */
  readonly schema: S;
  /** What it computes, in a line or a few of plain text, in the names of the paper; units in words where they are not nats. */
  readonly formula?: string;
  /** Paper and equation, or what it is otherwise taken from. */
  readonly source?: string;
}

export type Definition<K extends Kind = Kind, S extends Schema = Schema> = Documentation<S> &
  Hooks<K> &
  Declares<K> & {
    readonly kind: K;
    readonly create: (args: never, context: Contexts[K]) => Made[K];
  };
/** A definition of whichever kind: a list of them is what a folder's index, the built-ins and a plugin export. */
export type AnyDefinition = { [K in Kind]: Definition<K> }[Kind];
/** What a definition of one kind is written as: everything but its kind. `A` is `Arguments<S>`. */
export type Definable<K extends Kind, S extends Schema, A> = Documentation<S> &
  Hooks<K> &
  Declares<K> & {
    create(args: A, context: Contexts[K]): Made[K];
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
export const defineRegularizer = definer("regularizer");
export const defineSchedule = definer("schedule");
export const defineOptimizer = definer("optimizer");
export const defineMetric = definer("metric");
export const defineBijection = definer("bijection");
export const defineSampler = definer("sampler");

/** How a layer is written: what becomes of a shape, and what it computes once it knows its input. */
export interface DefinableLayer<S extends Schema, A> extends Documentation<S>, Omit<Hooks<"layer">, "shape"> {
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
