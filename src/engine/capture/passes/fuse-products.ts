/**
 * A product of matrices, a bias and a rectifier in one kernel, which adds and rectifies while a block of the product is at hand:
 *
 *     relu(x W + b), x W + b      _FusedMatMul
 */

import type { Op, Types } from "../tape/rewrite.js";
import type { Source } from "../tape/tape.js";
import type { Plan, Recorded } from "./fusion-plan.js";

interface Layer {
  product: Op;
  bias: Source;
}

const layerOf = (recorded: Recorded, sum: Op | undefined, types: Types): Layer | undefined => {
  if (sum?.op !== "Add" && sum?.op !== "AddV2") return undefined;
  const [first, second] = sum.inputs as [Source, Source];
  for (const [value, bias] of [
    [first, second],
    [second, first],
  ] as const) {
    const product = recorded.opOf(value, "MatMul");
    const { shape, dtype } = recorded.typeOf(bias);
    const width = sum.outputs[0]!.shape.at(-1);
    if (product && recorded.isTakenOnce(value) && dtype === types.float && shape.length === 1 && shape[0] === width)
      return { product, bias };
  }
  return undefined;
};

export const fusedProducts = (recorded: Recorded, types: Types): Plan => {
  const plan: Plan = new Map();
  const put = (at: number, op: Op, { product, bias }: Layer, kernels: readonly string[]): void => {
    const attributes = { ...product.attributes, num_args: { int: 1 }, fused_ops: { strings: kernels } };
    plan.set(at, (writer, now) =>
      writer.op(op, "_FusedMatMul", [...product.inputs, bias].map(now), op.outputs, attributes),
    );
  };
  for (const { at, op } of recorded.ops) {
    const layer = layerOf(recorded, op, types);
    if (layer) put(at, op, layer, ["BiasAdd"]);
    const inside = op.op === "Relu" ? op.inputs[0]! : undefined;
    const rectified =
      inside && recorded.isTakenOnce(inside) ? layerOf(recorded, recorded.opAt(inside), types) : undefined;
    if (!rectified) continue;
    put(at, op, rectified, ["BiasAdd", "Relu"]);
    plan.delete(inside!.entry);
  }
  return plan;
};
