/**
 * Gradients of gradients through operations whose gradient reads their own result: exp, tanh, sigmoid and their like. tfjs records
 * the saved result before the operation itself, so a second derivative does not see that the result depends on the input, and a
 * term is silently missing. Inside a gradient within a gradient, the inputs are saved as well, and the result is computed again.
 */
import type { Tensor, TensorLibrary } from "./tensor.js";

/** The inputs, by kernel, of all kernels whose saved result has a gradient in them. */
const RESULT_SAVED: Readonly<Record<string, readonly string[]>> = {
  Elu: ["x"],
  Exp: ["x"],
  Pow: ["a", "b"],
  Sigmoid: ["x"],
  Softmax: ["logits"],
  Tanh: ["x"],
};

/** Whether a gradient is being taken within a gradient. */
export const isNested = (tf: TensorLibrary): boolean => tf.engine().state.gradientDepth > 1;

export const registerSecondGradients = (tf: TensorLibrary): void => {
  for (const [kernelName, inputs] of Object.entries(RESULT_SAVED)) {
    const first = tf.getGradient(kernelName)!;
    const own = first.inputsToSave ?? [];
    const count = own.length + 1;
    tf.registerGradient({
      kernelName,
      get inputsToSave() {
        return isNested(tf) ? [...own, ...inputs] : [...own];
      },
      outputsToSave: [true],
      gradFunc: (dy, saved, attributes) => {
        if (saved.length === count) return first.gradFunc(dy, saved, attributes);
        const named = Object.fromEntries(inputs.map((name, i) => [name, saved[own.length + i]!]));
        const again = tf.engine().runKernel(kernelName, named, attributes as never) as Tensor;
        return first.gradFunc(dy, [...saved.slice(0, own.length), again], attributes);
      },
    });
  }
};
