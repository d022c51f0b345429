/**
 * Squared norms by engine/squares.h, equal to the ops that were recorded to within rounding:
 *
 *     sum(square(x)) over all axes         VaelabSquaredNorm(x)
 *     sums of such, as of gradients        VaelabSquaredNorm(x, y, ...) of the small ones, and each of the large by itself, while
 *                                          it is at hand
 */
import { sizeOf } from "../../../tensor/fields.js";
import { isLarge } from "../tape/large.js";
import type { Op, Writer } from "../tape/rewrite.js";
import type { Source } from "../tape/tape.js";
import type { Plan, Recorded } from "./fusion-plan.js";

/** x of sum(square(x)) over all axes. */
const normedBy = (recorded: Recorded, float: number, op: Op | undefined): Source | undefined => {
  const square = op?.op === "Sum" ? recorded.opOf(op.inputs[0], "Square") : undefined;
  const axes = op?.inputs[1] && recorded.entries[op.inputs[1].entry];
  if (!square || axes?.kind !== "constant" || square.outputs[0]!.dtype !== float) return undefined;
  return sizeOf(axes.shape) === square.outputs[0]!.shape.length ? square.inputs[0]! : undefined;
};

const norm = (writer: Writer, op: Op, inputs: readonly Source[]): Source =>
  writer.op(op, "VaelabSquaredNorm", inputs, [{ dtype: writer.type.float, shape: [] }], {
    N: { int: inputs.length },
  })[0]!;

export const fusedNorms = (recorded: Recorded, float: number): Plan => {
  const plan: Plan = new Map();
  for (const { at, op } of recorded.ops) {
    const alone = op.outputs[0]?.shape.length === 0 ? normedBy(recorded, float, op) : undefined;
    if (alone) plan.set(at, (writer, now) => [norm(writer, op, [now(alone)])]);
    if (op.op !== "AddN") continue;
    const normed = op.inputs.map((source) => normedBy(recorded, float, recorded.opAt(source)));
    if (!normed.every((x) => x !== undefined)) continue;
    const large = normed.filter((x) => isLarge(recorded.shapeOf(x)));
    const small = normed.filter((x) => !isLarge(recorded.shapeOf(x)));
    plan.set(at, (writer, now) => {
      const groups = [...large.map((x) => [x]), ...(small.length > 0 ? [small] : [])];
      const sums = groups.map((group) => norm(writer, op, group.map(now)));
      if (sums.length === 1) return sums;
      return writer.op(op, "AddN", sums, op.outputs, { N: { int: sums.length }, T: { type: float } });
    });
  }
  return plan;
};
