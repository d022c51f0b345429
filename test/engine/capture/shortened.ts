/** What is left of a recorded computation once it is shortened, and what it gives then. */

import type { HostTensor, HostTensors, Program } from "../../../src/contracts/program.js";
import { optimize } from "../../../src/engine/capture/passes/optimize.js";
import { recordCall } from "../../../src/engine/capture/record/record-call.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { nativeBackend } from "../../../src/engine/native/backend.js";
import type { Bindings } from "../../../src/tensor/parameters.js";

export const tensor = (shape: number[], values: ArrayLike<number>): HostTensor => ({
  shape,
  data: Float32Array.from(values),
});

/** The names of the ops that are left, and what the graph and the eager call give. */
export const shortened = (engine: Engine, inputs: HostTensors, compute: (inputs: Bindings) => Bindings) => {
  const program: Program = {
    name: "shortened",
    initialState: {},
    run: (_, fed) => ({ outputs: compute(fed), state: {} }),
  };
  const recorded = recordCall(program, engine.noise, { state: {}, inputs, variant: "" });
  const { TF_FLOAT: float, TF_INT32: int } = nativeBackend(engine.tf).binding;
  const tape = optimize(recorded, { float, int, ownKernels: true });
  const used = new Set<number>();
  const pending = Object.values(tape.outputs).map(({ entry }) => entry);
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    used.add(at);
    const entry = tape.entries[at]!;
    if (entry.kind === "op") pending.push(...entry.inputs.map((source) => source.entry));
  }
  const ops = tape.entries.flatMap((entry, at) => (entry.kind === "op" && used.has(at) ? [entry.op] : []));
  const run = (runner: ReturnType<typeof eagerRunner>): HostTensors => {
    const running = runner.start(program);
    const outputs = running.call(inputs);
    running.dispose();
    return outputs;
  };
  return { ops, captured: run(capturedRunner(engine, { mode: "require" })), eager: run(eagerRunner(engine.noise)) };
};
