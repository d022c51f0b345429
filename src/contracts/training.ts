/**
 * What is minimized and how. All that changes from step to step comes in as scalars, all randomness as noise, all memory as
 * state; so a step can run eagerly, or be captured once as a native graph and replayed, and no component knows which.
 */
import type { Batch, Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { ParameterScope } from "../tensor/parameters.js";
import type { Scalar, Tensor } from "../tensor/tensor.js";
import type { Model, Site } from "./model.js";

export interface ScheduleContext {
  /** Steps of the whole run. */
  totalSteps: number;
}
/** A weight over time: plain numbers, computed on the host and fed. */
export interface Schedule {
  at(step: number): number;
  /** The value that validation and the choice of the best checkpoint use. */
  readonly final: number;
  /** The first step at which it has reached its end; a schedule that never ends (cyclical) has none. */
  readonly end?: number;
}

export interface StepContext {
  batch: Batch;
  model: Model;
  noise: Noise;
  training: boolean;
  /** Examples in the training split. */
  trainingSize: number;
  /** The fed value of a schedule at this step. */
  scalar(schedule: Schedule): Scalar;
  /** The model's sites for this batch, with `samples` draws an example. Call it once a phase. */
  infer(samples: number): Site[];
}

export interface Terms {
  /** What is minimized. */
  loss: Scalar;
  /** What is logged, each a scalar in nats an example unless its name says otherwise. */
  terms: Readonly<Record<string, Scalar>>;
  /** Logged vectors: the KL of each latent dimension. */
  vectors?: Readonly<Record<string, Tensor>>;
}

export interface Phase {
  name: string;
  /** Which trainable parameters this phase moves, by name ("encoder/dense-0/weights"). */
  variables(name: string): boolean;
  /** The training optimizer unless the objective brings one. */
  optimizer?: Optimizer;
  /** Runs at steps that `every` divides. */
  every: number;
  terms(context: StepContext): Terms;
}
export interface ObjectiveContext {
  parameters: ParameterScope;
  model: Model;
}
export interface Objective {
  /** In this order within a step; the first phase's loss is the validation loss. */
  phases: readonly Phase[];
}

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
