/**
 * A tape rewritten to say the same with less: ops that pass a value on, values that are only spread out to be multiplied, and
 * the chains for which TensorFlow has one kernel. Values stay bit for bit the same but where a rule says otherwise.
 *
 *     cast to its own type, reshape to its own shape      the value itself
 *     reshape of a reshape                                one reshape
 *     x * ones                                            x; what takes it broadcasts, where it would anyway
 *     dy * step(x)                                        ReluGrad, which gives 0 where x is NaN (the loss is NaN there too)
 *     a product of two matrices                           MatMul, which needs no batches
 *     softplus                                            engine/softplus.h's, where it is built, equal to within rounding
 */
import { isSame, keyOf, type Op, rewriteTape, sameShape, type Types, Writer } from "../tape/rewrite.js";
import type { Source, Tape } from "../tape/tape.js";

const UNARY = new Set(["Neg", "Exp", "Square", "Sqrt", "Rsqrt", "Log", "Log1p", "Expm1", "Abs", "Sigmoid", "Tanh"]);
const BINARY = new Set(["Add", "AddV2", "Sub", "Mul", "RealDiv", "Maximum", "Minimum"]);

export interface SimplifyOptions extends Types {
  /** Whether vaelab's own kernels are available. */
  ownKernels: boolean;
}

class Simplifier extends Writer {
  /** A smaller value that broadcasts to this one. */
  private readonly narrower = new Map<string, Source>();
  /** The value whose rectification this is. */
  private readonly rectified = new Map<string, Source>();

  constructor(private readonly options: SimplifyOptions) {
    super(options);
  }

  /** Replacements of the outputs of an op whose inputs are in `entries`. */
  rewrite(op: Op): readonly Source[] {
    const [first, second] = op.inputs;
    const shape = op.outputs[0]?.shape ?? [];
    if (op.op === "Cast" && first && this.typeOf(first).dtype === op.outputs[0]!.dtype) return [first];
    if (op.op === "Reshape" && first && second) {
      const from = this.opAt(first);
      const source = from?.op === "Reshape" ? from.inputs[0]! : first;
      return sameShape(this.typeOf(source).shape, shape) ? [source] : this.put({ ...op, inputs: [source, second] });
    }
    if (op.op === "Mul" && first && second) {
      const spread = this.spread(first, second) ?? this.spread(second, first);
      if (spread && sameShape(this.typeOf(spread).shape, shape)) return [spread];
      const gradient = this.reluGradient(op, first, second) ?? this.reluGradient(op, second, first);
      if (gradient) return gradient;
      const placed = this.narrowed(op);
      if (spread) this.narrower.set(keyOf(placed[0]!), this.narrower.get(keyOf(spread)) ?? spread);
      return placed;
    }
    if (op.op === "BatchMatMulV2" && op.inputs.every((source) => this.typeOf(source).shape.length === 2)) {
      const { T, adj_x, adj_y } = op.attributes;
      return this.put({ ...op, op: "MatMul", attributes: { T: T!, transpose_a: adj_x!, transpose_b: adj_y! } });
    }
    if (op.op === "Softplus" && this.options.ownKernels && this.typeOf(first!).dtype === this.options.float)
      return this.put({ ...op, op: "VaelabSoftplus", attributes: {} });
    const placed = this.narrowed(op);
    if (op.op === "Relu" && first) this.rectified.set(keyOf(first), placed[0]!);
    return placed;
  }

  /** `value`, if it is only multiplied by ones. */
  private spread(value: Source, ones: Source): Source | undefined {
    return this.isAll(ones, 1) ? value : undefined;
  }

  /** The op on the narrower operand if the other has the shape of the result, or on the narrower one alone. */
  private narrowed(op: Op): readonly Source[] {
    const [first, second] = op.inputs;
    const shape = op.outputs[0]?.shape ?? [];
    if (UNARY.has(op.op) && first) {
      const placed = this.put(op);
      const narrow = this.narrower.get(keyOf(first));
      if (narrow) {
        const [result] = this.put({
          ...op,
          inputs: [narrow],
          outputs: [{ ...op.outputs[0]!, shape: this.typeOf(narrow).shape }],
        });
        this.narrower.set(keyOf(placed[0]!), result!);
      }
      return placed;
    }
    if (!BINARY.has(op.op) || !first || !second) return this.put(op);
    const narrowFirst = this.narrower.get(keyOf(first));
    const narrowSecond = this.narrower.get(keyOf(second));
    if (narrowFirst && sameShape(this.typeOf(second).shape, shape))
      return this.put({ ...op, inputs: [narrowFirst, second] });
    if (narrowSecond && sameShape(this.typeOf(first).shape, shape))
      return this.put({ ...op, inputs: [first, narrowSecond] });
    return this.put(op);
  }

  /** step(x) as tfjs-node computes it: x where it is NaN, else 1 above 0 and 0 elsewhere. */
  private steppedAt(step: Source): Source | undefined {
    const outer = this.opAt(step);
    if (outer?.op !== "Select") return undefined;
    const [condition, value, otherwise] = outer.inputs as [Source, Source, Source];
    const isNan = this.opAt(condition);
    const inner = this.opAt(otherwise);
    if (isNan?.op !== "IsNan" || !isSame(isNan.inputs[0]!, value) || inner?.op !== "Select") return undefined;
    const above = this.opAt(inner.inputs[0]!);
    if (above?.op !== "Greater" || !isSame(above.inputs[0]!, value) || !this.isAll(above.inputs[1], 0))
      return undefined;
    return this.isAll(inner.inputs[1], 1) && this.isAll(inner.inputs[2], 0) ? value : undefined;
  }

  private reluGradient(op: Op, gradient: Source, step: Source): readonly Source[] | undefined {
    const x = this.steppedAt(step);
    if (!x || !sameShape(this.typeOf(gradient).shape, this.typeOf(x).shape)) return undefined;
    // The rectified value also tells where x was above 0, so x need not be kept.
    const features = this.rectified.get(keyOf(x)) ?? x;
    return this.put({ ...op, op: "ReluGrad", inputs: [gradient, features], attributes: { T: op.attributes.T! } });
  }
}

export const simplify = (tape: Tape, options: SimplifyOptions): Tape => {
  const simplifier = new Simplifier(options);
  return rewriteTape(tape, simplifier, (entry) =>
    entry.kind === "op" ? simplifier.rewrite(entry) : simplifier.put(entry),
  );
};
