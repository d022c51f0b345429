/**
 * What a recorded call did: the origin of every value, in order. Graphs are written from tapes, and calls compared by them.
 */
import type { FusedUpdate } from "../../../contracts/optimizer.js";
import { mapValues } from "../../../numerics/records.js";
import type { Shape } from "../../../tensor/fields.js";
import type { NativeValues } from "../../native/backend.js";

/** A value: one output of one entry of the tape. */
export interface Source {
  entry: number;
  output: number;
}
export interface TensorType {
  /** TensorFlow's number for the type. */
  dtype: number;
  shape: Shape;
}
export interface TypedSource extends Source, TensorType {}

export type Attribute =
  | { type: number }
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { floats: readonly number[] }
  | { bool: boolean }
  | { bools: readonly boolean[] }
  | { string: string }
  | { strings: readonly string[] }
  | { shape: Shape }
  | { tensor: TensorType & { values: NativeValues } };
export type Attributes = Readonly<Record<string, Attribute>>;

/** A fed tensor. */
export interface InputEntry extends TensorType {
  kind: "input";
  name: string;
}
/** The value of a variable at the start of the call, or after the update or assignment at `after`. */
export interface ReadEntry extends TensorType {
  kind: "read";
  variable: string;
  after?: number;
}
/** A tensor whose values JavaScript knew; a single value represents equal ones. */
export interface ConstantEntry extends TensorType {
  kind: "constant";
  values: NativeValues;
}
export interface OpEntry {
  kind: "op";
  op: string;
  attributes: Attributes;
  inputs: readonly Source[];
  outputs: readonly TensorType[];
}
export interface UpdatedVariable {
  variable: string;
  shape: Shape;
  slots: Readonly<Record<string, string>>;
  gradient: Source;
}
/** An optimizer's fused op; it changes variables and their slots in place. */
export interface UpdateEntry {
  kind: "update";
  op: string;
  attributes: Attributes;
  inputs: FusedUpdate["inputs"];
  /** One, or as many as the op has. */
  members: readonly UpdatedVariable[];
  globals: Readonly<Record<string, Source>>;
  learningRate: Source;
}
export interface AssignEntry {
  kind: "assign";
  variable: string;
  dtype: number;
  value: Source;
}
export type Entry = (InputEntry | ReadEntry | ConstantEntry | OpEntry | UpdateEntry | AssignEntry) & {
  /** The place in the code. The stack is formatted only on demand. */
  origin?: Error;
  /** The active component, if known. */
  owner?: string;
};

export interface Tape {
  entries: readonly Entry[];
  outputs: Readonly<Record<string, TypedSource>>;
}

/** The inputs of an entry. */
export const sourcesOf = (entry: Entry): readonly Source[] => {
  switch (entry.kind) {
    case "op":
      return entry.inputs;
    case "update":
      return [...Object.values(entry.globals), ...entry.members.map(({ gradient }) => gradient), entry.learningRate];
    case "assign":
      return [entry.value];
    default:
      return [];
  }
};

/** The variables that an entry changes. */
export const writtenBy = (entry: Entry): readonly string[] => {
  if (entry.kind === "assign") return [entry.variable];
  if (entry.kind !== "update") return [];
  return entry.members.flatMap(({ variable, slots }) => [variable, ...Object.values(slots)]);
};

/** The entry with its sources replaced. @param at new index of an earlier entry. */
export const withSources = (entry: Entry, now: (source: Source) => Source, at: (entry: number) => number): Entry => {
  switch (entry.kind) {
    case "op":
      return { ...entry, inputs: entry.inputs.map(now) };
    case "read":
      return entry.after === undefined ? entry : { ...entry, after: at(entry.after) };
    case "update":
      return {
        ...entry,
        globals: mapValues(entry.globals, now),
        members: entry.members.map((member) => ({ ...member, gradient: now(member.gradient) })),
        learningRate: now(entry.learningRate),
      };
    case "assign":
      return { ...entry, value: now(entry.value) };
    default:
      return entry;
  }
};
