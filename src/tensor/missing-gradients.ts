/**
 * Gradients that tfjs lacks or gets wrong, registered once an engine is loaded:
 * - comparisons and logic, which are flat: without theirs a `where` on a computed condition cannot be differentiated;
 * - matMul with broadcast batch axes, [S, B, D] x [D, H]: tfjs's own gradient has the wrong shape and throws;
 * - squaredDifference with broadcasting: the gradient has the shape of the result;
 * - mirrorPad: the gradient leaves out what was mirrored;
 * - logSoftmax: a second derivative leaves out how the result depends on its input;
 * - logSigmoid: the gradient reads a tensor that is disposed of by then;
 * - matMul on wasm, whose kernel is three times slower when it is asked to transpose than when transposed operands are made.
 */
import { isNested } from "./second-gradients.js";
import type { Tensor, TensorLibrary } from "./tensor.js";

const FLAT_OF_TWO = [
  ...["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"],
  ...["LogicalAnd", "LogicalOr"],
];
const FLAT_OF_ONE = ["LogicalNot", "All", "Any"];

/** Sums a gradient over the axes along which the value of this shape had been broadcast. */
const sumToShape = (tf: TensorLibrary, gradient: Tensor, shape: readonly number[]): Tensor => {
  const added = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((size, axis) => (axis < added || size !== shape[axis - added] ? [axis] : []));
  return axes.length === 0 ? gradient : tf.reshape(tf.sum(gradient, axes), [...shape]);
};

/** The last two axes exchanged. */
const transposed = (tf: TensorLibrary, x: Tensor): Tensor => {
  const axes = x.shape.map((_, axis) => axis);
  return tf.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
};

const registerMatMul = (tf: TensorLibrary): void => {
  /** x y, with x and y as they are meant after transposition. */
  const product = (x: Tensor, y: Tensor, transposeX: boolean, transposeY: boolean): Tensor =>
    tf.getBackend() === "wasm"
      ? tf.matMul(transposeX ? transposed(tf, x) : x, transposeY ? transposed(tf, y) : y)
      : tf.matMul(x, y, transposeX, transposeY);
  tf.registerGradient({
    kernelName: "BatchMatMul",
    inputsToSave: ["a", "b"],
    gradFunc: (upstream, saved, attributes) => {
      const dy = upstream as Tensor;
      const [a, b] = saved as [Tensor, Tensor];
      const { transposeA, transposeB } = attributes as { transposeA: boolean; transposeB: boolean };
      return {
        a: () =>
          sumToShape(tf, transposeA ? product(b, dy, transposeB, true) : product(dy, b, false, !transposeB), a.shape),
        b: () =>
          sumToShape(tf, transposeB ? product(dy, a, true, transposeA) : product(a, dy, !transposeA, false), b.shape),
      };
    },
  });
};

const registerSquaredDifference = (tf: TensorLibrary): void => {
  tf.registerGradient({
    kernelName: "SquaredDifference",
    inputsToSave: ["a", "b"],
    gradFunc: (upstream, saved) => {
      const dy = upstream as Tensor;
      const [a, b] = saved as [Tensor, Tensor];
      const slope = (): Tensor => tf.mul(dy, tf.mul(2, tf.sub(a, b)));
      return {
        a: () => sumToShape(tf, slope(), a.shape),
        b: () => sumToShape(tf, tf.neg(slope()), b.shape),
      };
    },
  });
};

/** The adjoint along one axis: the gradients of mirrored elements go back to where they were mirrored from. */
const foldMirrored = (
  tf: TensorLibrary,
  dy: Tensor,
  axis: number,
  [before, after]: [number, number],
  offset: number,
) => {
  const size = dy.shape[axis]! - before - after;
  const part = (start: number, length: number): Tensor =>
    tf.slice(
      dy,
      dy.shape.map((_, i) => (i === axis ? start : 0)),
      dy.shape.map((all, i) => (i === axis ? length : all)),
    );
  const placed = (x: Tensor, start: number, length: number): Tensor => {
    const padding = dy.shape.map((_, i): [number, number] => (i === axis ? [start, size - start - length] : [0, 0]));
    return tf.pad(tf.reverse(x, axis), padding);
  };
  let sum = part(before, size);
  if (before > 0) sum = tf.add(sum, placed(part(0, before), offset, before));
  if (after > 0) sum = tf.add(sum, placed(part(before + size, after), size - offset - after, after));
  return sum;
};

const registerMirrorPad = (tf: TensorLibrary): void => {
  tf.registerGradient({
    kernelName: "MirrorPad",
    inputsToSave: ["x"],
    gradFunc: (upstream, _, attributes) => {
      const { paddings, mode } = attributes as unknown as { paddings: [number, number][]; mode: string };
      const offset = mode === "reflect" ? 1 : 0;
      return {
        x: () =>
          paddings.reduce((dy, padding, axis) => foldMirrored(tf, dy, axis, padding, offset), upstream as Tensor),
      };
    },
  });
};

/** The library with operations whose gradients cannot be mended by kernel. */
export const withMendedOperations = (library: TensorLibrary): TensorLibrary =>
  Object.create(library, {
    logSoftmax: {
      enumerable: true,
      value: (logits: Tensor, axis = -1): Tensor =>
        isNested(library)
          ? library.sub(logits, library.logSumExp(logits, axis, true))
          : library.logSoftmax(logits, axis),
    },
    logSigmoid: {
      enumerable: true,
      value: (x: Parameters<TensorLibrary["logSigmoid"]>[0]): Tensor => library.neg(library.softplus(library.neg(x))),
    },
  }) as TensorLibrary;

/** To be called after anything that registers tfjs's own gradients, which would put the wrong ones back. */
export const registerMissingGradients = (tf: TensorLibrary): void => {
  const flat = (kernelName: string, inputs: readonly string[]) =>
    tf.registerGradient({
      kernelName,
      inputsToSave: [...inputs],
      gradFunc: (_, saved) => Object.fromEntries(inputs.map((name, i) => [name, () => tf.zeros(saved[i]!.shape)])),
    });
  for (const kernelName of FLAT_OF_TWO) flat(kernelName, ["a", "b"]);
  for (const kernelName of FLAT_OF_ONE) flat(kernelName, ["x"]);
  registerMatMul(tf);
  registerSquaredDifference(tf);
  registerMirrorPad(tf);
};
