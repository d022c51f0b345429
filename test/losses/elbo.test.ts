import { beforeAll, describe, expect, test } from "vitest";
import type { Schedule } from "../../src/core/contracts/training.js";
import type { ResolvedFields } from "../../src/core/define.js";
import { type Scalar, tf } from "../../src/core/tensor.js";
import { stepContext } from "../../src/core/training-program.js";
import type { Engine } from "../../src/engine/load.js";
import { elbo } from "../../src/losses/elbo.js";
import { constant } from "../../src/schedules/constant.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { noiseOf } from "../support/tensors.js";
import { unitGaussianModel } from "../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const weight = (value: number): Schedule => build(constant, { type: "constant", value }, { totalSteps: 10 });

/** The objective's terms at one x = (1, -2), q = N(slope x, variance), with so many draws that Monte Carlo hardly shows. */
const termsAt = (beta: Schedule, slope: number, variance: number | null, samples: number) =>
  tf.tidy(() => {
    const model = unitGaussianModel({ slope: [slope, slope], variance });
    const objective = build(elbo, { type: "elbo", beta, samples }, { model, parameters: undefined as never });
    const context = stepContext(
      { model, schedules: new Map([[beta, "beta"]]), trainingSize: 1 },
      {
        batch: { fields: { x: tf.tensor2d([[1, -2]]) }, index: tf.tensor1d([0], "int32") },
        noise: noiseOf(engine),
        training: true,
        inputs: { "scalar/beta": tf.scalar(beta.final) as Scalar },
      },
    );
    const { loss, terms, vectors } = objective.phases[0]!.terms(context);
    const read = (value: Scalar): number => value.dataSync()[0]!;
    return {
      loss: read(loss),
      terms: Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, read(term)])),
      kl: vectors?.kl ? [...vectors.kl.dataSync()] : undefined,
    };
  });

describe("elbo", () => {
  // E_q (x - z)^2 = (1 - slope)^2 x^2 + variance; KL(N(m, s) || N(0, 1)) = (m^2 + s - 1 - ln s) / 2; x^2 = 1, 4.
  const slope = 0.4;
  const variance = 0.3;
  const distortion = Math.log(2 * Math.PI) + (0.36 * 5 + 2 * variance) / 2;
  const kl = [1, 4].map((square) => (0.16 * square + variance - 1 - Math.log(variance)) / 2);
  const rate = kl[0]! + kl[1]!;

  test.each([0.25, 1, 4])("is the distortion and %f times the rate, in closed form", (beta) => {
    const found = termsAt(weight(beta), slope, variance, 200_000);
    expect(found.terms.rate).toBeCloseTo(rate, 5);
    expect(found.kl?.map((value, i) => Math.abs(value - kl[i]!) < 1e-5)).toEqual([true, true]);
    // The standard error of the distortion at 200,000 draws is about 0.002.
    expect(Math.abs(found.terms.distortion! - distortion)).toBeLessThan(0.01);
    expect(found.loss).toBeCloseTo(found.terms.distortion! + beta * found.terms.rate!, 4);
    expect(found.terms.beta).toBe(beta);
  });

  test("at beta 0 throughout asks for no density, so a point mass trains", () => {
    const found = termsAt(weight(0), 1, null, 1);
    expect(found.loss).toBeCloseTo(Math.log(2 * Math.PI), 5);
    expect(Object.keys(found.terms)).toEqual(["distortion"]);
  });

  test("requires a posterior with a density unless beta is written as 0", () => {
    const fields = (beta: object): ResolvedFields => ({ type: "elbo", beta, samples: 1 });
    expect(elbo.requires?.(fields({ type: "constant", value: 0 }))).toEqual([]);
    expect(elbo.requires?.(fields({ type: "constant", value: 0.1 }))).toMatchObject([
      { kind: "posterior", capability: "density" },
    ]);
    expect(elbo.requires?.(fields({ type: "linear", from: 0, to: 1, steps: 3 }))).toHaveLength(1);
  });
});
