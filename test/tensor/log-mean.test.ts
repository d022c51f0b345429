import { beforeAll, describe, it } from "vitest";
import { logMeanOf } from "../../src/tensor/log-mean.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

describe("ln of a mean from the decoder's output", () => {
  const outputs = [-1e6, -21, -20, -3, 0, 0.5, 19.9, 20, 30, 1e6];
  it("is the output itself up to 20, and a logarithm of it beyond, so that its exponential stays finite", () => {
    const far = 20 + Math.log(1 + 1e6 - 20);
    expectClose(logMeanOf(tensorOf(outputs)), [
      ...[-far, -20 - Math.LN2, -20, -3, 0, 0.5, 19.9, 20],
      ...[20 + Math.log(11), far],
    ]);
  });
  it("has a slope everywhere: 1, and 1 / (1 + |a| - 20) beyond", () => {
    const slope = tf.grad((a: Tensor) => tf.sum(logMeanOf(a)))(tensorOf(outputs));
    expectClose(slope, [1 / (1e6 - 19), 1 / 2, 1, 1, 1, 1, 1, 1, 1 / 11, 1 / (1e6 - 19)]);
  });
});
