/** Estimates how much a call computes, and whether a second thread would help. */
import { sizeOf } from "../../../tensor/fields.js";
import { liveEntries } from "../tape/liveness.js";
import { Entries, type Op, type Types } from "../tape/rewrite.js";
import type { Source, Tape } from "../tape/tape.js";

/** Cost of one result element, in multiplications; memory is slower than arithmetic. */
const ELEMENT = 16;
/**
 * Up to this many multiplications, one thread computes a call about as fast as two. Measured on two cores with perceptrons of
 * one hidden layer, from 64 units at B=64 to 400 units at B=128.
 */
const LITTLE = 2 ** 25;

/** Multiplications for each element of a product. */
const factors = (tape: Entries, { op, attributes, inputs }: Op): number => {
  const [first, second] = inputs as [Source, Source];
  const flag = (name: string): boolean => {
    const attribute = attributes[name];
    return attribute !== undefined && "bool" in attribute && attribute.bool;
  };
  switch (op) {
    case "MatMul":
    case "_FusedMatMul":
      return tape.shapeOf(first).at(flag("transpose_a") ? -2 : -1)!;
    case "BatchMatMulV2":
      return tape.shapeOf(first).at(flag("adj_x") ? -2 : -1)!;
    case "Conv2D":
      return sizeOf(tape.shapeOf(second).slice(0, 3));
    default:
      return 0;
  }
};

/** Multiplications of an op; 0 unless it is a product. */
export const multiplications = (tape: Entries, op: Op): number => {
  const [first, second, third] = op.inputs;
  // Each element of the incoming gradient meets the whole filter.
  if (op.op === "Conv2DBackpropInput") return sizeOf(tape.shapeOf(third!)) * sizeOf(tape.shapeOf(second!).slice(0, 3));
  if (op.op === "Conv2DBackpropFilter")
    return (sizeOf(tape.shapeOf(third!)) / tape.shapeOf(third!).at(-1)!) * sizeOf(op.outputs[0]!.shape);
  return first ? sizeOf(op.outputs[0]!.shape) * factors(tape, op) : 0;
};

/** Cost of a call, in multiplications. */
export const workOf = (tape: Tape, types: Types): number => {
  const entries = new Entries(tape.entries, types);
  let work = 0;
  for (const at of liveEntries(tape)) {
    const entry = tape.entries[at]!;
    if (entry.kind !== "op") continue;
    for (const { shape } of entry.outputs) work += ELEMENT * sizeOf(shape);
    work += multiplications(entries, entry);
  }
  return work;
};

/** Whether a call computes so little that other threads should sleep. Depends on the tape, not on the machine. */
export const isLittle = (tape: Tape, types: Types): boolean => workOf(tape, types) <= LITTLE;
