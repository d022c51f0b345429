/** The nearest code of each vector, or of each group of its elements. */
import { beforeAll, expect, test } from "vitest";
import { vectorQuantized } from "../../../src/models/posteriors/vector-quantized.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";
import { grouped, posteriorOf } from "./quantizing.js";

beforeAll(async () => {
  await useEngine();
});

test("the commitment pulls by twice the weighted distance to the code", () => {
  const { at } = posteriorOf(vectorQuantized, { groups: 2, commitment: 0.25 }, grouped, 4);
  const gradient = tf.grad((features: Tensor) => at(features, { training: true }).losses.commitment!)(
    tensorOf(grouped.x),
  );
  const expected = grouped.x.map((row, i) => row.map((value, j) => (0.5 * (value - grouped.value[i]![j]!)) / 8));
  expectClose(gradient, expected, 1e-6);
});

test("on the grid of a feature map, each place has its own code of one dense layer", () => {
  const store = new ParameterStore();
  const context = { features: { features: [2, 2, 3] }, latent: [2, 2, 4], parameters: store.scope("q") };
  const posterior = build(vectorQuantized, { codes: 5 }, context);
  expect(posterior.codes!.shape).toEqual([4, 5]);
  expect(store.parameters.find(({ name }) => name === "q/vectors/weights")!.shape).toEqual([3, 4]);
  const flat = new ParameterStore();
  build(vectorQuantized, { codes: 5 }, { ...context, features: { features: [12] }, parameters: flat.scope("q") });
  expect(flat.parameters.find(({ name }) => name === "q/vectors/weights")!.shape).toEqual([12, 16]);
});
