/**
 * Gradients that tfjs lacks or gets wrong, registered once an engine is loaded:
 * - comparisons and logic, which are flat: without theirs a `where` on a computed condition cannot be differentiated;
 * - matMul with broadcast batch axes, [S, B, D] x [D, H]: tfjs's own gradient has the wrong shape and throws;
 * - matMul on wasm, whose kernel is three times slower when it is asked to transpose than when transposed operands are made.
 */
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
};
