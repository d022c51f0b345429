/**
 * What people write, as types: each slot is the union of the specs of its kind. Built-ins and plugins add theirs to the
 * interfaces below by declaration merging, so a misspelled field of a plugin's component is a compile error too.
 */
import type { FromExtendedSchema } from "json-schema-to-ts";
import type { Kind } from "../contracts/kinds.js";
import type { Schema, Slot, SlotsAs } from "./slots.js";

declare const marker: unique symbol;
/** A slot is first marked with its kind; mapping it to the union of specs at once would be a circular type. */
interface SlotOf<K extends Kind> {
  readonly [marker]: K;
}
type MarkedSlots = {
  keepDefaultedPropertiesOptional: true;
  deserialize: SlotsAs<{ [K in Kind]: SlotOf<K> }>;
};
type FromSchema<S extends Schema> = FromExtendedSchema<Slot, S, MarkedSlots>;

/** The spec that a definition declares, for `declare module "vaelab" { interface PriorSpecs { mine: Declared<typeof mine> } }`. */
export type Declared<D> = D extends { schema: infer S extends Schema } ? FromSchema<S> : never;

type NameOf<D> = D extends { schema: { properties: { type: { const: infer N extends string } } } } ? N : never;
/** The specs of all definitions that a module exports, by name. */
export type SpecsOf<M> = { [P in keyof M as NameOf<M[P]>]: Declared<M[P]> };

export interface DatasetSpecs {}
export interface EncoderSpecs {}
export interface DecoderSpecs {}
export interface PosteriorSpecs {}
export interface PriorSpecs {}
export interface LikelihoodSpecs {}
export interface HeadSpecs {}
export interface ObjectiveSpecs {}
export interface RegularizerSpecs {}
export interface ScheduleSpecs {}
export interface OptimizerSpecs {}
export interface MetricSpecs {}
export interface BijectionSpecs {}
export interface LayerSpecs {}
export interface SamplerSpecs {}

interface Specs {
  dataset: DatasetSpecs;
  encoder: EncoderSpecs;
  decoder: DecoderSpecs;
  posterior: PosteriorSpecs;
  prior: PriorSpecs;
  likelihood: LikelihoodSpecs;
  head: HeadSpecs;
  objective: ObjectiveSpecs;
  regularizer: RegularizerSpecs;
  schedule: ScheduleSpecs;
  optimizer: OptimizerSpecs;
  metric: MetricSpecs;
  bijection: BijectionSpecs;
  layer: LayerSpecs;
  sampler: SamplerSpecs;
}

/** Names of specs whose every field but `type` has a default: these may stand bare. */
type Bare<T> = { [N in keyof T]: Record<never, never> extends Omit<T[N], "type"> ? N : never }[keyof T];
type Fill<T> =
  T extends SlotOf<infer K>
    ? Written<K>
    : T extends readonly (infer U)[]
      ? readonly Fill<U>[]
      : T extends object
        ? { [P in keyof T]: Fill<T[P]> }
        : T;
/** Whatever may be written in a slot of this kind. */
export type Written<K extends Kind> =
  | { [N in keyof Specs[K]]: Fill<Specs[K][N]> }[keyof Specs[K]]
  | Bare<Specs[K]>
  | (K extends "schedule" ? number : never);
/** Whatever may be written where this schema is. */
export type WrittenAs<S extends Schema> = Fill<FromSchema<S>>;
