/** Records one call of a program. Inputs, state, updates and the new state become entries of the tape. */

import type { HostTensors, Program, ProgramTools, VariableUpdate } from "../../../contracts/program.js";
import { applyUpdate } from "../../../inference/update.js";
import { mapValues } from "../../../numerics/records.js";
import type { Bindings } from "../../../tensor/parameters.js";
import { type Tensor, tf } from "../../../tensor/tensor.js";
import { toTensor } from "../../eager.js";
import { nativeBackend } from "../../native/backend.js";
import type { Source, Tape } from "../tape/tape.js";
import { Recorder } from "./recorder.js";
import { refuse } from "./refusal.js";
import type { Products } from "./stand-ins.js";

export interface Call {
  state: HostTensors;
  inputs: HostTensors;
  variant: string;
  /** Constants of the program, if they are tensors already. */
  constants?: Readonly<Record<string, Tensor>>;
  /** Default: computed. */
  products?: Products;
}

/** The storage of variables during the call: where its current content came from. */
class Storage {
  private readonly holds = new Map<string, Source>();
  readonly changed = new Set<string>();

  constructor(private readonly recorder: Recorder) {}

  /** The tensor is the content of the variable since entry `after`. */
  read(variable: string, tensor: Tensor, after?: number): void {
    const entry = this.recorder.push({
      kind: "read",
      variable,
      ...this.recorder.typeOf(tensor),
      ...(after !== undefined && { after }),
    });
    this.recorder.bind(tensor, entry);
    this.holds.set(variable, { entry, output: 0 });
  }

  /** Assigns the tensor to the variable, unless it holds it already. */
  assign(variable: string, tensor: Tensor): void {
    const { dtype, entry, output } = this.recorder.sourceOf(tensor, `the next value of "${variable}"`);
    const held = this.holds.get(variable);
    if (held?.entry === entry && held.output === output) return;
    this.recorder.push({ kind: "assign", variable, dtype, value: { entry, output } });
    this.holds.set(variable, { entry, output });
    this.changed.add(variable);
  }
}

const recordUpdate = (recorder: Recorder, storage: Storage, state: Bindings, update: VariableUpdate): Bindings => {
  const { optimizer, variable, slots, globals, gradient, learningRate } = update;
  const { fused } = optimizer;
  if (!fused) return applyUpdate(state, update);
  const stored = [variable, ...Object.values(slots)];
  for (const name of stored) storage.assign(name, state[name]!);
  const source = (tensor: Tensor, use: string): Source => {
    const { entry, output } = recorder.sourceOf(tensor, use);
    return { entry, output };
  };
  const { dtype, shape } = recorder.typeOf(state[variable]!);
  const entry = recorder.push({
    kind: "update",
    op: fused.op,
    attributes: { T: { type: dtype }, ...mapValues(fused.attributes, (bool) => ({ bool })) },
    inputs: fused.inputs,
    members: [{ variable, shape, slots, gradient: source(gradient, `the gradient of "${variable}"`) }],
    globals: mapValues(globals, (name) => source(state[name]!, `"${name}"`)),
    learningRate: source(learningRate, "the learning rate"),
  });
  return Object.fromEntries(
    stored.map((name) => {
      // The values are stale, but a recorded call cannot read values.
      const updated = recorder.unrecorded(() => tf.mul(state[name]!, 1));
      storage.read(name, updated, entry);
      storage.changed.add(name);
      return [name, updated];
    }),
  );
};

/** Runs the program once, eagerly, for its ops alone; the results are discarded. */
export const recordCall = (program: Program, kernels: ProgramTools["kernels"], call: Call): Tape => {
  let tape: Tape | undefined;
  tf.tidy(() => {
    const recorder = new Recorder(nativeBackend(tf), program.name, call.products ?? "computed");
    const storage = new Storage(recorder);
    const inputs = mapValues(call.inputs, toTensor);
    const state = mapValues(call.state, toTensor);
    const constants = call.constants ?? mapValues(program.constants ?? {}, toTensor);
    for (const [name, tensor] of Object.entries(inputs))
      recorder.bind(tensor, recorder.push({ kind: "input", name, ...recorder.typeOf(tensor) }));
    for (const [name, tensor] of Object.entries({ ...state, ...constants })) storage.read(name, tensor);

    const outputs = recorder.record(() => {
      const update: ProgramTools["update"] = (current, each) => recordUpdate(recorder, storage, current, each);
      const result = program.run(state, { ...constants, ...inputs }, { kernels, update }, call.variant);
      for (const [name, tensor] of Object.entries(result.state)) {
        const shape = state[name]?.shape;
        if (!shape || tensor.dtype !== state[name]!.dtype || !tf.util.arraysEqual(shape, tensor.shape))
          throw refuse({
            op: `the next value of "${name}"`,
            what: shape ? "has another shape or type than its first" : "has no first value",
            owner: program.name,
          });
      }
      for (const name of new Set([...Object.keys(result.state), ...storage.changed]))
        storage.assign(name, result.state[name] ?? state[name]!);
      return mapValues(result.outputs, (tensor, name) => recorder.sourceOf(tensor, `the output "${name}"`));
    });
    tape = { entries: recorder.entries, outputs };
  });
  return tape!;
};
