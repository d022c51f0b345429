/**
 * Products that several threads compute. TensorFlow's MatMul leaves a product to one where its matrices fit into a core's
 * second-level cache (`ExecuteSingleThreadedGemm` of its mkl_matmul_ops_common.h), which at 2 MiB is a layer of 784 by 400 at 128
 * examples. Its BatchMatMulV2 computes the same and is divided whatever the size.
 */
import { type Op, rewriteTape, type Types, Writer } from "../tape/rewrite.js";
import type { Source, Tape, TensorType } from "../tape/tape.js";
import { multiplications } from "./cost-model.js";

/** Multiplications that are worth a second thread; the best value measured between 2^20 and 2^24. */
const WORTH = 2 ** 22;
/** TensorFlow's factor on the size of the cache. */
const MARGIN = 1.01;

export interface DivideOptions extends Types {
  /** Size of a core's second-level cache, in bytes. */
  cache: number;
}

export const divideProducts = (tape: Tape, { cache, ...types }: DivideOptions): Tape => {
  const writer = new Writer(types);
  const isLeftToOne = (op: Op): boolean => {
    const [{ dtype, shape }] = op.outputs as [TensorType];
    if ((op.op !== "MatMul" && op.op !== "_FusedMatMul") || dtype !== types.float) return false;
    const work = multiplications(writer, op);
    const [m, n] = shape as [number, number];
    const bytes = Float32Array.BYTES_PER_ELEMENT * (m * n + (work / (m * n)) * (m + n));
    return work >= WORTH && bytes < MARGIN * cache;
  };
  const divided = (op: Op): readonly Source[] => {
    const { T, transpose_a, transpose_b, fused_ops: fused } = op.attributes;
    const [first, second, bias] = op.inputs as [Source, Source, Source | undefined];
    const product = { T: T!, adj_x: transpose_a!, adj_y: transpose_b! };
    let result = writer.op(op, "BatchMatMulV2", [first, second], op.outputs, product);
    for (const kernel of fused && "strings" in fused ? fused.strings : []) {
      const inputs = kernel === "BiasAdd" ? [result[0]!, bias!] : result;
      result = writer.op(op, kernel, inputs, op.outputs, { T: T! });
    }
    return result;
  };
  return rewriteTape(tape, writer, (entry) =>
    entry.kind === "op" && isLeftToOne(entry) ? divided(entry) : writer.put(entry),
  );
};
