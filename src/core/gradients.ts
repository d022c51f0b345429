/** Gradients that tfjs lacks. */
import type { TensorLibrary } from "./tensor.js";

/** Ops that are constant wherever they have a derivative, by tfjs's kernel names, with their numbers of inputs. */
const FLAT: Record<string, readonly string[]> = {
  two: ["Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual", "LogicalAnd", "LogicalOr"],
  one: ["LogicalNot", "IsNan", "IsFinite", "IsInf"],
};

/** Registers zero gradients for comparisons, so that a `where` on one of them can be differentiated. Idempotent. */
export const registerMissingGradients = (tf: TensorLibrary): void => {
  for (const kernelName of FLAT.two!)
    tf.registerGradient({
      kernelName,
      inputsToSave: ["a", "b"],
      gradFunc: (_dy, saved) => ({
        a: () => tf.zerosLike(saved[0]!),
        b: () => tf.zerosLike(saved[1]!),
      }),
    });
};
