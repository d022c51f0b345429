/** An optimizer is an update rule as a pure function; its memory (slots and globals) is part of the program's state. */
import type { Shape } from "../tensor/fields.js";
import type { Scalar, Tensor } from "../tensor/tensor.js";
import type { Schedule } from "./schedule.js";

export interface OptimizerUpdate {
  variable: Tensor;
  gradient: Tensor;
  slots: Readonly<Record<string, Tensor>>;
  globals: Readonly<Record<string, Scalar>>;
  learningRate: Scalar;
}
/** An update rule as a pure function. Slots have their variable's shape and begin at 0; globals are scalars shared by all. */
export interface Optimizer {
  readonly learningRate: Schedule;
  readonly slots: readonly string[];
  readonly globals: Readonly<Record<string, number>>;
  update(input: OptimizerUpdate): { variable: Tensor; slots: Readonly<Record<string, Tensor>> };
  /** The globals of the next step. */
  advance(globals: Readonly<Record<string, Scalar>>): Readonly<Record<string, Scalar>>;
  /** The TensorFlow op that does the same in place, for captured steps. */
  readonly fused?: FusedUpdate;
  /** Before the update, a variable for which it applies loses this part of itself, times the learning rate. */
  readonly decay?: { readonly rate: number; applies(name: string, shape: Shape): boolean };
}
/** Inputs of the op in its order: handles of the variable and its slots, globals, the fed learning rate, constants, the gradient. */
export interface FusedUpdate {
  op: string;
  inputs: readonly (
    | { variable: true }
    | { slot: string }
    | { global: string }
    | { learningRate: true }
    | { constant: number }
    | { gradient: true }
  )[];
  attributes: Readonly<Record<string, boolean>>;
}
