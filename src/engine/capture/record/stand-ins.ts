/**
 * Stand-ins for large matmuls during a recording. The results of a recording are discarded, and the matmuls would take most
 * of its time. One of the two recordings sums a few of the terms, so that later ops see plausible values; the other uses
 * zeros, so that everything that depends on the values differs.
 */
import type { Shape } from "../../../tensor/fields.js";
import type { NativeBinding, NativeTensor, OpAttribute } from "../../native/backend.js";
import type { TypedSource } from "../tape/tape.js";

export type Products = "computed" | "of a few terms" | "zeros";

/** Products with more multiplications get a stand-in. */
const WORTH = 2 ** 24;
const TERMS = 8;

interface Product {
  dtype: number;
  rows: number;
  inner: number;
  columns: number;
  /** The summed axis of each matrix. */
  axes: readonly [number, number];
}

/** A matmul that is worth a stand-in; undefined otherwise, also if TensorFlow would refuse it. */
const largeProduct = (op: string, attributes: readonly OpAttribute[], inputs: readonly TypedSource[]) => {
  // tfjs uses this op for all matmuls.
  if (op !== "BatchMatMulV2") return undefined;
  const [first, second] = inputs as [TypedSource, TypedSource];
  if (first.shape.length !== 2 || second.shape.length !== 2) return undefined;
  const isAdjoint = (which: string): boolean => attributes.some(({ name, value }) => name === which && value === true);
  const axes = [isAdjoint("adj_x") ? 0 : 1, isAdjoint("adj_y") ? 1 : 0] as const;
  const [inner, same] = [first.shape[axes[0]]!, second.shape[axes[1]]!];
  const [rows, columns] = [first.shape[1 - axes[0]]!, second.shape[1 - axes[1]]!];
  const product: Product = { dtype: first.dtype, rows, inner, columns, axes };
  return inner === same && rows * inner * columns >= WORTH ? product : undefined;
};

/** An op whose other arguments are constants. */
const execute = (
  native: NativeBinding,
  op: string,
  types: Readonly<Record<string, number>>,
  inputs: readonly number[],
  constants: readonly { shape: Shape; dtype: number; values: Int32Array | Float32Array }[],
): NativeTensor[] => {
  const attributes = Object.entries(types).map(([name, value]) => ({ name, type: native.TF_ATTR_TYPE, value }));
  const made = constants.map(({ shape, dtype, values }) => native.createTensor(shape, dtype, values));
  try {
    return native.executeOp(op, attributes, [...inputs, ...made], 1);
  } finally {
    for (const id of made) native.deleteTensor(id);
  }
};

const integers = (native: NativeBinding, values: readonly number[]) => ({
  shape: [values.length],
  dtype: native.TF_INT32,
  values: Int32Array.from(values),
});

const zeros = (native: NativeBinding, { dtype, rows, columns }: Product): NativeTensor[] => {
  const zero = { shape: [], dtype, values: dtype === native.TF_INT32 ? new Int32Array(1) : new Float32Array(1) };
  const shape = integers(native, [rows, columns]);
  return execute(native, "Fill", { T: dtype, index_type: native.TF_INT32 }, [], [shape, zero]);
};

/** Terms from the middle, because the first and last pixels of an image are often constant. */
const ofAFewTerms = (
  native: NativeBinding,
  { dtype, rows, inner, columns, axes }: Product,
  attributes: OpAttribute[],
  inputs: readonly number[],
): NativeTensor[] => {
  const parts: number[] = [];
  try {
    for (const [i, axis] of axes.entries()) {
      const size = [TERMS, TERMS];
      size[1 - axis] = i === 0 ? rows : columns;
      const begin = [0, 0];
      begin[axis] = Math.floor((inner - TERMS) / 2);
      const where = [integers(native, begin), integers(native, size)];
      const [part] = execute(native, "Slice", { T: dtype, Index: native.TF_INT32 }, [inputs[i]!], where);
      parts.push(part!.id);
    }
    return native.executeOp("BatchMatMulV2", attributes, parts, 1);
  } finally {
    for (const id of parts) native.deleteTensor(id);
  }
};

/** The stand-in for the result of the op, if any. */
export const standIn = (
  native: NativeBinding,
  products: Products,
  op: string,
  attributes: OpAttribute[],
  ids: readonly number[],
  inputs: readonly TypedSource[],
): NativeTensor[] | undefined => {
  const product = products === "computed" ? undefined : largeProduct(op, attributes, inputs);
  if (!product) return undefined;
  if (products === "zeros" || product.inner < TERMS) return zeros(native, product);
  return ofAFewTerms(native, product, attributes, ids);
};
