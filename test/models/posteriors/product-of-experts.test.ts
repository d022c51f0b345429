import { beforeAll, expect, test } from "vitest";
import { productOfExperts } from "../../../src/models/posteriors/index.js";
import fixtures from "../../fixtures/experts.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectClose } from "../../support/tensors.js";
import { posteriorOf, whereNothingIsMissing } from "./experts.js";

beforeAll(async () => {
  await useEngine();
});

test("it has the precisions of the experts that are there and of the prior", () => {
  const q = posteriorOf(productOfExperts, true);
  expectClose(q.mean!(), fixtures.product.mean);
  expectClose(q.variance!(), fixtures.product.variance);
});

test("where no field is missing, masks change nothing", () => {
  const [masked, free] = whereNothingIsMissing(productOfExperts);
  for (const [i, value] of masked.entries()) expect(value).toBeCloseTo(free[i]!, 5);
});
