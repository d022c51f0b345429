/**
 * Zeros in the place of large products, for a recording whose values do not matter: to compute them would be most of its time.
 */
import type { Shape } from "../../core/fields.js";
import type { NativeBinding, NativeTensor, OpAttribute } from "../native/backend.js";
import type { TypedSource } from "./tape.js";

/** Multiplications that take longer than to fill the result with zeros. */
const WORTH = 2 ** 24;

/** The shape of a product of two matrices that is worth it; of anything else nothing, also where TensorFlow would refuse. */
const largeProduct = (op: string, attributes: readonly OpAttribute[], inputs: readonly TypedSource[]) => {
  // What tfjs multiplies all matrices with.
  if (op !== "BatchMatMulV2") return undefined;
  const [first, second] = inputs as [TypedSource, TypedSource];
  if (first.shape.length !== 2 || second.shape.length !== 2) return undefined;
  const factors = ({ shape }: TypedSource, adjoint: string): readonly number[] =>
    attributes.some(({ name, value }) => name === adjoint && value === true) ? shape.toReversed() : shape;
  const [rows, inner] = factors(first, "adj_x") as [number, number];
  const [same, columns] = factors(second, "adj_y") as [number, number];
  const isWorth = inner === same && rows * inner * columns >= WORTH;
  return isWorth ? { dtype: first.dtype, shape: [rows, columns] } : undefined;
};

const zeros = (native: NativeBinding, dtype: number, shape: Shape): NativeTensor[] => {
  const type = (name: string, value: number): OpAttribute => ({ name, type: native.TF_ATTR_TYPE, value });
  const made = [
    native.createTensor([shape.length], native.TF_INT32, Int32Array.from(shape)),
    native.createTensor([], dtype, dtype === native.TF_INT32 ? new Int32Array(1) : new Float32Array(1)),
  ];
  try {
    return native.executeOp("Fill", [type("T", dtype), type("index_type", native.TF_INT32)], made, 1);
  } finally {
    for (const id of made) native.deleteTensor(id);
  }
};

/** What stands for the op's result, if anything does. */
export const zeroProduct = (
  native: NativeBinding,
  op: string,
  attributes: readonly OpAttribute[],
  inputs: readonly TypedSource[],
): NativeTensor[] | undefined => {
  const product = largeProduct(op, attributes, inputs);
  return product && zeros(native, product.dtype, product.shape);
};
