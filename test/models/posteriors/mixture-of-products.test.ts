import { beforeAll, expect, test } from "vitest";
import { mixtureOfProducts } from "../../../src/models/posteriors/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/experts.json" with { type: "json" };
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";
import { posteriorOf, whereNothingIsMissing } from "./experts.js";

beforeAll(async () => {
  await useEngine();
});

test("it has the density of the products over subsets of the experts that are there", () => {
  const q = posteriorOf(mixtureOfProducts, true);
  expect([q.batchShape, q.eventShape]).toEqual([[5], [2]]);
  expectClose(q.logProb(tensorOf(fixtures.value)), fixtures.mixtureOfProducts);
});

test("where no field is missing, masks change nothing", () => {
  const [masked, free] = whereNothingIsMissing(mixtureOfProducts);
  for (const [i, value] of masked.entries()) expect(value).toBeCloseTo(free[i]!, 5);
});

test("seven experts have too many subsets", () => {
  const features = Object.fromEntries(Array.from("abcdefg", (name) => [name, [1]]));
  const context = { features, latent: [2], parameters: new ParameterStore().scope() };
  expect(() => build(mixtureOfProducts, {}, context)).toThrow("has 7 experts, so 127 subsets");
});
