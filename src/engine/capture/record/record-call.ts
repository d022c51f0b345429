/** Records one call of a program. Inputs, state, updates and the new state become entries of the tape. */

import type { HostTensors, Program, ProgramTools, VariableUpdate } from "../../../contracts/program.js";
import { applyUpdate } from "../../../inference/update.js";
import { mapValues } from "../../../numerics/records.js";
import type { Bindings } from "../../../tensor/parameters.js";
import { type Tensor, tf } from "../../../tensor/tensor.js";
import { toTensor } from "../../eager.js";
import { nameAt } from "../../flat-program.js";
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

const recordUpdate = (
  recorder: Recorder,
  storage: Storage,
  update: VariableUpdate,
): ReturnType<ProgramTools["update"]> => {
  const { optimizer, variable, slots, globals, gradient, learningRate, at } = update;
  const { fused } = optimizer;
  if (!fused) return applyUpdate(update);
  const name = nameAt(at.variable);
  const slotNames = mapValues(at.slots, nameAt);
  storage.assign(name, variable);
  for (const [slot, slotName] of Object.entries(slotNames)) storage.assign(slotName, slots[slot]!);
  const source = (tensor: Tensor, use: string): Source => {
    const { entry, output } = recorder.sourceOf(tensor, use);
    return { entry, output };
  };
  const { dtype, shape } = recorder.typeOf(variable);
  const entry = recorder.push({
    kind: "update",
    op: fused.op,
    attributes: { T: { type: dtype }, ...mapValues(fused.attributes, (bool) => ({ bool })) },
    inputs: fused.inputs,
    members: [{ variable: name, shape, slots: slotNames, gradient: source(gradient, `the gradient of "${name}"`) }],
    globals: mapValues(globals, (value, global) => source(value, `"${global}"`)),
    learningRate: source(learningRate, "the learning rate"),
  });
  const updated = (stored: string, value: Tensor): Tensor => {
    // The values are stale, but a recorded call cannot read values.
    const next = recorder.unrecorded(() => tf.mul(value, 1));
    storage.read(stored, next, entry);
    storage.changed.add(stored);
    return next;
  };
  return {
    variable: updated(name, variable),
    slots: mapValues(slotNames, (stored, slot) => updated(stored, slots[slot]!)),
  };
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
      const update: ProgramTools["update"] = (each) => recordUpdate(recorder, storage, each);
      const result = program.run(state, { ...constants, ...inputs }, { kernels, update }, call.variant);
      const changed = result.state as Bindings;
      for (const [name, tensor] of Object.entries(changed)) {
        const shape = state[name]?.shape;
        if (!shape || tensor.dtype !== state[name]!.dtype || !tf.util.arraysEqual(shape, tensor.shape))
          throw refuse({
            op: `the next value of "${name}"`,
            what: shape ? "has another shape or type than its first" : "has no first value",
            owner: program.name,
          });
      }
      for (const name of new Set([...Object.keys(changed), ...storage.changed]))
        storage.assign(name, changed[name] ?? state[name]!);
      return mapValues(result.outputs, (tensor, name) => recorder.sourceOf(tensor, `the output "${name}"`));
    });
    tape = { entries: recorder.entries, outputs };
  });
  return tape!;
};
