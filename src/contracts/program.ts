/**
 * A computation as an engine sees it: named inputs that are fed at every call, named state that stays between calls, named
 * outputs that are read back. Training steps, evaluation and sampling are all programs; an engine runs one eagerly, or
 * records it once and replays it as a native graph. Whatever `run` reads besides its arguments must be the same at every call.
 */

import type { Shape } from "../tensor/fields.js";
import type { NoiseKernels } from "../tensor/noise-kernels.js";
import type { Bindings } from "../tensor/parameters.js";
import type { Scalar, Tensor } from "../tensor/tensor.js";
import type { Optimizer } from "./optimizer.js";

export interface HostTensor {
  shape: Shape;
  data: Float32Array | Int32Array;
}
export type HostTensors = Readonly<Record<string, HostTensor>>;

/** One variable's update by an optimizer; an engine may put the optimizer's fused op in its place. */
export interface VariableUpdate {
  optimizer: Pick<Optimizer, "update" | "fused">;
  /** Names in the program's state. */
  variable: string;
  slots: Readonly<Record<string, string>>;
  globals: Readonly<Record<string, string>>;
  gradient: Tensor;
  learningRate: Scalar;
}
export interface ProgramTools {
  kernels: NoiseKernels;
  /** Takes the state as it is and returns the entries that the update changes. */
  update(state: Bindings, update: VariableUpdate): Bindings;
}

export interface Program {
  name: string;
  initialState: HostTensors;
  /**
   * Large tensors that never change, nor do their arrays: they stay with the engine, and `run` finds them among its inputs. No
   * part of the state.
   */
  constants?: HostTensors;
  /**
   * @param variant which of several bodies over the same state: the set of phases that are due at this step.
   * @returns outputs to read, and the entries of the state that changed.
   */
  run(state: Bindings, inputs: Bindings, tools: ProgramTools, variant: string): { outputs: Bindings; state: Bindings };
}

export interface RunningProgram {
  /** "captured", or "eager" with the reason why not captured where that was asked for. */
  readonly mode: "eager" | "captured";
  call(inputs: HostTensors, variant?: string): HostTensors;
  readState(): HostTensors;
  writeState(state: HostTensors): void;
  dispose(): void;
}

/** Two programs' worth of state may be large: whoever starts a program disposes of it. */
export interface ProgramRunner {
  /** Engine, version, build, threads and mode: programs run on two that say the same give the same bits. */
  readonly identity: string;
  start(program: Program): RunningProgram;
}
