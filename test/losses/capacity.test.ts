/** Capacities of latents: how far each rate is from its own, in closed form. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Schedule } from "../../src/contracts/schedule.js";
import { DiagonalGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import type { ElboTerms } from "../../src/inference/elbo-terms.js";
import { inferredFrom, makeSite } from "../../src/inference/site.js";
import { assertCapacities, distanceFromCapacities } from "../../src/losses/capacity.js";
import { elbo } from "../../src/losses/elbo.js";
import { constant } from "../../src/schedules/constant.js";
import { tf } from "../../src/tensor/tensor.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { named } from "../support/schedules.js";
import { noiseOf, valuesOf } from "../support/tensors.js";
import { unitGaussianModel } from "../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const capacity = (latent: string, value: number): Schedule =>
  named(`capacities.${latent}`, build(constant, { type: "constant", value }, { totalSteps: 10 }));

/** KL(N(m, I) || N(0, I)) = m^2 / 2 a dimension: 1 and 4 nats for the two examples of a, 0.5 and 0.5 for those of b. */
const MEANS = { a: [Math.sqrt(2), Math.sqrt(8)], b: [1, -1] };

test("the penalty is the sum over latents of the distance of the batch's mean rate from the capacity", () => {
  const standard = new DiagonalGaussian(tf.zeros([1]), tf.zeros([1]));
  const sites = Object.entries(MEANS).map(([name, means]) => {
    const q = new DiagonalGaussian(tf.tensor2d(means, [2, 1]), tf.zeros([2, 1]));
    return makeSite({ name, q, p: standard, noise: noiseOf(engine), samples: 1 });
  });
  const pieces = { inferred: inferredFrom(sites, 1) } as ElboTerms;
  const penalty = (a: number, b: number): number =>
    valuesOf(
      distanceFromCapacities(pieces, { a: capacity("a", a), b: capacity("b", b) }, (each) => tf.scalar(each.final)),
    )[0]!;
  expect(penalty(0, 0)).toBeCloseTo(2.5 + 0.5, 5);
  expect(penalty(3, 0.1)).toBeCloseTo(0.5 + 0.4, 5);
  expect(penalty(2.5, 2)).toBeCloseTo(1.5, 5);
});

describe("capacities are refused", () => {
  const given = { a: capacity("a", 1) };
  test("for latents that the model lacks, and where one lacks its own", () => {
    expect(() => assertCapacities(given, ["b"])).toThrow('no latent "a"; it has "b"');
    expect(() => assertCapacities(given, ["a", "b"])).toThrow('"b" has no capacity');
    expect(() => assertCapacities(given, ["a"])).not.toThrow();
    const model = unitGaussianModel({ slope: [1, 1], variance: 1 });
    const fields = { beta: capacity("beta", 30), samples: 1, capacities: given };
    expect(() => build(elbo, fields, { model, parameters: undefined as never })).toThrow('it has "z"');
  });
  test("beside another form of the penalty, and at beta 0", () => {
    const fields = { type: "elbo", beta: { type: "constant", value: 1 }, capacities: {} };
    expect(() => elbo.resolve?.({ ...fields, capacity: {} }, {})).toThrow('"capacities" and "capacity"');
    expect(() => elbo.resolve?.({ ...fields, freeBits: {} }, {})).toThrow('"capacities" and "freeBits"');
    const idle = { ...fields, beta: { type: "constant", value: 0 } };
    expect(() => elbo.resolve?.(idle, {})).toThrow('"capacities" would have no effect');
  });
});
