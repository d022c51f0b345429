/** How much a call computes, and whether a second thread would be of use to it. */
import { sizeOf } from "../../../tensor/fields.js";
import { liveEntries } from "../tape/liveness.js";
import { Entries, type Op, type Types } from "../tape/rewrite.js";
import type { Source, Tape } from "../tape/tape.js";

/** What an element of any result costs, in multiplications: memory is slower than they are. */
const ELEMENT = 16;
/**
 * Multiplications of a call that one thread computes about as fast as two: measured with perceptrons of one hidden layer, from 64
 * units at B=64 to 400 at B=128, on two cores.
 */
const LITTLE = 2 ** 25;

/** The factors of each element of a product. */
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

/** What an op multiplies; an op that is no product, nothing. */
export const multiplications = (tape: Entries, op: Op): number => {
  const [first, second, third] = op.inputs;
  // Each element of the gradient that comes in meets the whole filter.
  if (op.op === "Conv2DBackpropInput") return sizeOf(tape.shapeOf(third!)) * sizeOf(tape.shapeOf(second!).slice(0, 3));
  if (op.op === "Conv2DBackpropFilter")
    return (sizeOf(tape.shapeOf(third!)) / tape.shapeOf(third!).at(-1)!) * sizeOf(op.outputs[0]!.shape);
  return first ? sizeOf(op.outputs[0]!.shape) * factors(tape, op) : 0;
};

/** What a call computes, in multiplications. */
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

/** Whether a call computes so little that other threads are better left asleep. The same for the same tape on any machine. */
export const isLittle = (tape: Tape, types: Types): boolean => workOf(tape, types) <= LITTLE;
