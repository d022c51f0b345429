import { beforeAll, test } from "vitest";
import { learnedBaseline } from "../../src/losses/baseline.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";
import { unitGaussianModel } from "../support/unit-gaussian-model.js";

beforeAll(async () => {
  await useEngine();
});

test("centers by a network and by the averages of the steps before, and follows both", () => {
  const store = new ParameterStore();
  const model = unitGaussianModel({ slope: [1], variance: 1 });
  const fields = { hidden: [], activation: "tanh", decay: 0.75 } as const;
  const baseline = learnedBaseline({ model, parameters: store.scope("objective") }, fields);
  const state = {
    "objective/baseline/output/weights": tensorOf([[2]]),
    "objective/baseline/output/bias": tensorOf([1]),
    "objective/baseline/mean": tf.scalar(3),
    "objective/baseline/variance": tf.scalar(16),
  };
  const step = { batch: { fields: { x: tensorOf([[1], [-1]]) }, index: tf.range(0, 2, 1, "int32") } } as never;
  // l of two groups and two examples, and C(x) = 2 x + 1.
  const signals = tensorOf([
    [5, 1],
    [9, 3],
  ]);
  const { result, assigned } = store.collectAssignments(() => store.bind(state, () => baseline(step, signals)));
  expectClose(result.baseline, [6, 2], 1e-6);
  expectClose(result.scale, 4, 1e-6);
  expectClose(result.loss, 0, 1e-6);
  // l - C(x) is 2, 2, 6, 4: the mean 3.5, the variance 2.75; from c these are off by -1, -1, 3, 1.
  expectClose(result.squaredError, 3, 1e-6);
  expectClose(assigned["objective/baseline/mean"]!, 0.75 * 3 + 0.25 * 3.5, 1e-6);
  expectClose(assigned["objective/baseline/variance"]!, 0.75 * 16 + 0.25 * 2.75, 1e-5);
  const lossAt = (bias: Tensor): Tensor =>
    store.bind({ ...state, "objective/baseline/output/bias": bias }, () => baseline(step, signals).loss);
  // The mean of -(l - C - c) / scale.
  expectClose(tf.grad(lossAt)(tensorOf([1])), [-0.5 / 4], 1e-6);
});
