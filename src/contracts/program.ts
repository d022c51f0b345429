/**
 * A computation as an engine sees it: inputs that are fed at every call, state that stays between calls, and outputs that are read
 * back, each a nest of named groups of tensors. Training steps, evaluation and sampling are all programs; an engine runs one
 * eagerly, or records it once and replays it as a native graph. Whatever `run` reads besides its arguments must be the same at
 * every call.
 */

import type { Shape } from "../tensor/fields.js";
import type { NoiseKernels } from "../tensor/noise-kernels.js";
import type { Bindings } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Optimizer, OptimizerUpdate } from "./optimizer.js";

export interface HostTensor {
  shape: Shape;
  data: Float32Array | Int32Array;
}
export type HostTensors = Readonly<Record<string, HostTensor>>;

/** Groups of tensors, as they lie on the host. */
export type Host<T> = T extends Tensor ? HostTensor : { readonly [K in keyof T]: Host<T[K]> };
/** Some of the tensors, in the same groups. */
export type Some<T> = T extends Tensor | HostTensor
  ? T
  : string extends keyof T
    ? { readonly [K in keyof T]: Some<T[K]> }
    : { readonly [K in keyof T]?: Some<T[K]> };
/** Where a tensor stands: the names of the groups that hold it, then its own. */
export type Path = readonly string[];

/** One variable's update by an optimizer; an engine may put the optimizer's fused op in its place. */
export interface VariableUpdate extends OptimizerUpdate {
  optimizer: Pick<Optimizer, "update" | "fused">;
  /** Where the variable and its slots stand in the program's state. */
  at: { variable: Path; slots: Readonly<Record<string, Path>> };
}
export interface ProgramTools {
  kernels: NoiseKernels;
  /** The next values of the variable and its slots. */
  update(update: VariableUpdate): ReturnType<Optimizer["update"]>;
}

export interface Program<State = Bindings, Inputs = Bindings, Outputs = Bindings> {
  name: string;
  initialState: Host<State>;
  /**
   * Large inputs that never change, nor do their arrays: they stay with the engine, and `run` finds them among its inputs. No part
   * of the state.
   */
  constants?: Some<Host<Inputs>>;
  /**
   * @param variant which of several bodies over the same state: the set of phases that are due at this step.
   * @returns outputs to read, and the entries of the state that changed.
   */
  run(state: State, inputs: Inputs, tools: ProgramTools, variant: string): { outputs: Outputs; state: Some<State> };
}

export interface RunningProgram<State = Bindings, Inputs = Bindings, Outputs = Bindings> {
  /** "captured", or "eager" with the reason why not captured where that was asked for. */
  readonly mode: "eager" | "captured";
  call(inputs: Host<Inputs>, variant?: string): Host<Outputs>;
  readState(): Host<State>;
  writeState(state: Some<Host<State>>): void;
  dispose(): void;
}

/** Two programs' worth of state may be large: whoever starts a program disposes of it. */
export interface ProgramRunner {
  /** Engine, version, build, threads and mode: programs run on two that say the same give the same bits. */
  readonly identity: string;
  start<State, Inputs, Outputs>(program: Program<State, Inputs, Outputs>): RunningProgram<State, Inputs, Outputs>;
}
