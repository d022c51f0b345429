/** Runs a program op by op on whichever backend is loaded. */

import type {
  HostTensor,
  HostTensors,
  Program,
  ProgramRunner,
  ProgramTools,
  RunningProgram,
} from "../contracts/program.js";
import { applyUpdate } from "../inference/update.js";
import { mapValues } from "../numerics/records.js";
import type { NoiseKernels } from "../tensor/noise-kernels.js";
import type { Bindings } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { startFlat } from "./flat-program.js";

export const toTensor = ({ shape, data }: HostTensor): Tensor =>
  tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32");
export const toHost = (tensor: Tensor): HostTensor => ({
  shape: tensor.shape,
  // Copied, because a backend may return its own memory.
  data: tensor.dtype === "float32" ? Float32Array.from(tensor.dataSync()) : Int32Array.from(tensor.dataSync()),
});
class EagerProgram implements RunningProgram {
  readonly mode = "eager";
  private state: Record<string, Tensor>;
  private readonly constants: Record<string, Tensor>;

  constructor(
    private readonly program: Program,
    private readonly tools: ProgramTools,
  ) {
    this.state = mapValues(program.initialState, toTensor);
    this.constants = mapValues(program.constants ?? {}, toTensor);
  }

  call(inputs: HostTensors, variant = ""): HostTensors {
    let changed: Record<string, Tensor> = {};
    let outputs: HostTensors = {};
    tf.tidy(() => {
      const fed = { ...this.constants, ...mapValues(inputs, toTensor) };
      const result = this.program.run(this.state, fed, this.tools, variant);
      // Cloned, because a program may return an unchanged tensor.
      changed = mapValues(result.state as Bindings, (tensor) => tf.keep(tf.clone(tensor)));
      outputs = mapValues(result.outputs, toHost);
    });
    for (const [name, tensor] of Object.entries(changed)) {
      this.state[name]?.dispose();
      this.state[name] = tensor;
    }
    return outputs;
  }

  readState(): HostTensors {
    return mapValues(this.state, toHost);
  }

  writeState(state: HostTensors): void {
    for (const [name, value] of Object.entries(state)) {
      this.state[name]?.dispose();
      this.state[name] = toTensor(value);
    }
  }

  dispose(): void {
    for (const tensor of [...Object.values(this.state), ...Object.values(this.constants)]) tensor.dispose();
    this.state = {};
  }
}

export const eagerRunner = (
  kernels: NoiseKernels,
  identity = `${tf.getBackend()} ${tf.version_core}, eager`,
): ProgramRunner => ({
  identity,
  start: (program) => startFlat(program, (flat) => new EagerProgram(flat, { kernels, update: applyUpdate })),
});
