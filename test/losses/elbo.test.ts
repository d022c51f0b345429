import { beforeAll, describe, expect, test } from "vitest";
import type { ResolvedFields } from "../../src/contracts/kinds.js";
import type { Model } from "../../src/contracts/model.js";
import type { Schedule } from "../../src/contracts/schedule.js";
import { DiagonalGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { inferredFrom, makeSite } from "../../src/inference/site.js";
import { stepContext } from "../../src/inference/step.js";
import { elbo } from "../../src/losses/elbo.js";
import type { FreeBits } from "../../src/losses/free-bits.js";
import { constant } from "../../src/schedules/constant.js";
import { linear } from "../../src/schedules/linear.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import { build } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { named } from "../support/schedules.js";
import { expectGradient, noiseOf, valuesOf } from "../support/tensors.js";
import { unitGaussianModel } from "../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const weight = (value: number, name = "beta"): Schedule =>
  named(name, build(constant, { type: "constant", value }, { totalSteps: 10 }));

/** The objective's terms at one x = (1, -2), q = N(slope x, variance), with so many draws that Monte Carlo hardly shows. */
const termsAt = (beta: Schedule, slope: number, variance: number | null, samples: number) =>
  tf.tidy(() => {
    const model = unitGaussianModel({ slope: [slope, slope], variance });
    const objective = build(elbo, { type: "elbo", beta, samples }, { model, parameters: undefined as never });
    const context = stepContext(
      { model, trainingSize: 1 },
      {
        batch: { fields: { x: tf.tensor2d([[1, -2]]) }, index: tf.tensor1d([0], "int32") },
        noise: noiseOf(engine),
        training: true,
        scalars: { beta: tf.scalar(beta.final) },
      },
    );
    const { loss, terms, byLatent } = objective.phases[0]!.terms(context);
    const read = (value: Scalar): number => value.dataSync()[0]!;
    return {
      loss: read(loss),
      terms: Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, read(term)])),
      kl: byLatent?.z ? [...byLatent.z.kl!.dataSync()] : undefined,
    };
  });

/** The fields that follow from q = N(slope x, variance) over two rows, and the gradient of the loss in the slopes. */
interface Setting {
  freeBits?: FreeBits;
  capacity?: Schedule;
  beta?: number;
  samples?: number;
}
const ROWS = [
  [1, -2],
  [3, 0.5],
];
const SLOPES = [0.4, 0.2];
const VARIANCE = 0.3;
const objectiveAt = ({ freeBits, capacity, beta = 1, samples = 1 }: Setting) => {
  const weighs = weight(beta);
  const fields = { beta: weighs, samples, ...(freeBits && { freeBits }), ...(capacity && { capacity }) };
  const terms = (slopes: Tensor) => {
    // The mean of q is a function of the slopes, for the gradient.
    const model: Model = {
      ...unitGaussianModel({ slope: SLOPES, variance: VARIANCE }),
      infer: (batch, { noise, samples: draws }) => {
        const mean = tf.mul(batch.fields.x!, slopes);
        const q = new DiagonalGaussian(mean, tf.fill(mean.shape, Math.log(VARIANCE)));
        const p = new DiagonalGaussian(tf.zeros([2]), tf.zeros([2]));
        return inferredFrom([makeSite({ name: "z", q, p, noise, samples: draws })], draws);
      },
    };
    const objective = build(elbo, fields, { model, parameters: undefined as never });
    const context = stepContext(
      { model, trainingSize: 2 },
      {
        batch: { fields: { x: tf.tensor2d(ROWS) }, index: tf.tensor1d([0, 1], "int32") },
        noise: noiseOf(engine),
        training: true,
        scalars: { beta: tf.scalar(beta), ...(capacity && { capacity: tf.scalar(capacity.at(4)) }) },
      },
    );
    return objective.phases[0]!.terms(context);
  };
  const { loss, terms: logged } = terms(tf.tensor1d(SLOPES));
  const read = (value: Tensor): number => value.dataSync()[0]!;
  return {
    loss: read(loss),
    terms: Object.fromEntries(Object.entries(logged).map(([name, term]) => [name, read(term)])) as Record<
      string,
      number
    >,
    /** Of the loss less the distortion: what the penalty alone pulls at. */
    pull: () => {
      const penalty = (slopes: Tensor): Tensor => {
        const { loss, terms: each } = terms(slopes);
        return tf.sub(loss, each.distortion!);
      };
      return valuesOf(expectGradient(penalty, tf.tensor1d(SLOPES)));
    },
  };
};
/** KL(N(m, v) || N(0, 1)) by row and dimension: [[0.332, 0.332], [0.972, 0.257]]. */
const KL = ROWS.map((row) => row.map((x, j) => ((SLOPES[j]! * x) ** 2 + VARIANCE - 1 - Math.log(VARIANCE)) / 2));
/** Its derivative in the slope of dimension j: slope x^2. */
const SLOPE_OF_KL = ROWS.map((row) => row.map((x, j) => SLOPES[j]! * x ** 2));
const RATE = (KL[0]![0]! + KL[0]![1]! + KL[1]![0]! + KL[1]![1]!) / 2;

describe("free bits", () => {
  const floor = 0.5;
  const meanOf = (j: number): number => (KL[0]![j]! + KL[1]![j]!) / 2;
  const slopeOf = (j: number): number => (SLOPE_OF_KL[0]![j]! + SLOPE_OF_KL[1]![j]!) / 2;

  test("the setting has groups on both sides of every floor", () => {
    expect(meanOf(0)).toBeGreaterThan(floor);
    expect(meanOf(1)).toBeLessThan(floor);
    expect(KL[0]![0]).toBeLessThan(floor);
    expect(KL[1]![0]).toBeGreaterThan(floor);
  });

  test("per dimension over the batch are equation 15: no gradient in a dimension below the floor", () => {
    const found = objectiveAt({ freeBits: { nats: floor, per: "dimension", over: "batch" }, beta: 2 });
    expect(found.terms.penalty).toBeCloseTo(meanOf(0) + floor, 5);
    expect(found.terms.rate).toBeCloseTo(RATE, 5);
    expect(found.loss).toBeCloseTo(found.terms.distortion! + 2 * found.terms.penalty!, 5);
    const [first, second] = found.pull();
    expect(first).toBeCloseTo(2 * slopeOf(0), 4);
    expect(second).toBe(0);
  });
  test("per dimension over each example leave out the examples below it", () => {
    const found = objectiveAt({ freeBits: { nats: floor, per: "dimension", over: "example" } });
    expect(found.terms.penalty).toBeCloseTo((floor + KL[1]![0]! + 2 * floor) / 2, 5);
    const [first, second] = found.pull();
    expect(first).toBeCloseTo(SLOPE_OF_KL[1]![0]! / 2, 4);
    expect(second).toBe(0);
  });
  test("per latent have one floor for the whole rate", () => {
    const [low, high] = [RATE - 0.1, RATE + 0.1];
    const above = objectiveAt({ freeBits: { nats: low, per: "latent", over: "batch" } });
    expect(above.terms.penalty).toBeCloseTo(RATE, 5);
    for (const [j, slope] of above.pull().entries()) expect(slope).toBeCloseTo(slopeOf(j), 4);
    const below = objectiveAt({ freeBits: { nats: high, per: "latent", over: "batch" } });
    expect(below.terms.penalty).toBeCloseTo(high, 5);
    expect(below.pull()).toEqual([0, 0]);
    // Row 0 has 0.66 nats and row 1 has 1.23.
    const each = objectiveAt({ freeBits: { nats: 1, per: "latent", over: "example" } });
    expect(each.terms.penalty).toBeCloseTo((1 + KL[1]![0]! + KL[1]![1]!) / 2, 5);
    for (const [j, slope] of each.pull().entries()) expect(slope).toBeCloseTo(SLOPE_OF_KL[1]![j]! / 2, 4);
  });
  test("of a floor that nothing is below are the bound itself", () => {
    const plain = objectiveAt({});
    expect(Object.keys(plain.terms)).not.toContain("penalty");
    for (const per of ["dimension", "latent"] as const)
      for (const over of ["batch", "example"] as const)
        expect(objectiveAt({ freeBits: { nats: 1e-6, per, over } }).loss).toBeCloseTo(plain.loss, 5);
  });
  test("per dimension require parts that come apart by dimension", () => {
    const fields = (per: string): ResolvedFields => ({
      type: "elbo",
      beta: { type: "constant", value: 1 },
      samples: 1,
      freeBits: { nats: 1, per, over: "batch" },
    });
    expect(elbo.requires?.(fields("latent"))).toHaveLength(1);
    expect(elbo.requires?.(fields("dimension"))).toMatchObject([
      { capability: "density" },
      { kind: "posterior", capability: "factorized" },
      { kind: "prior", capability: "factorized" },
    ]);
  });
});

describe("a capacity", () => {
  test.each([
    ["above the rate", 5, -1],
    ["below the rate", 0.25, 1],
  ])("%s draws the rate to it with gamma (Burgess et al. 2018, equation 8)", (_, nats, sign) => {
    const found = objectiveAt({ capacity: weight(nats, "capacity"), beta: 30 });
    expect(found.terms.penalty).toBeCloseTo(Math.abs(RATE - nats), 5);
    expect(found.terms.rate).toBeCloseTo(RATE, 5);
    expect(found.loss).toBeCloseTo(found.terms.distortion! + 30 * Math.abs(RATE - nats), 3);
    const unweighted = objectiveAt({ capacity: weight(nats, "capacity") }).pull();
    for (const [j, slope] of unweighted.entries())
      expect(slope).toBeCloseTo((sign * (SLOPE_OF_KL[0]![j]! + SLOPE_OF_KL[1]![j]!)) / 2, 4);
  });
  test("is fed step by step", () => {
    const growing = named("capacity", build(linear, { final: 10, steps: 10 }, { totalSteps: 10 }));
    expect(objectiveAt({ capacity: growing }).terms.penalty).toBeCloseTo(4 - RATE, 5);
  });
  test("of 0 is the bound itself", () => {
    expect(objectiveAt({ capacity: weight(0, "capacity") }).loss).toBeCloseTo(objectiveAt({}).loss, 5);
  });
  test("goes together with free bits: the distance of the floored rate", () => {
    const freeBits = { nats: 0.5, per: "dimension", over: "batch" } as const;
    const floored = (KL[0]![0]! + KL[1]![0]!) / 2 + 0.5;
    const found = objectiveAt({ freeBits, capacity: weight(3, "capacity"), beta: 4 });
    expect(found.terms.penalty).toBeCloseTo(3 - floored, 5);
    expect(found.loss).toBeCloseTo(found.terms.distortion! + 4 * (3 - floored), 4);
  });
  test("or free bits at beta 0 are refused, for they would do nothing", () => {
    const beta = { type: "constant", value: 0 };
    const capacity = { type: "constant", value: 3 };
    expect(() => elbo.resolve?.({ type: "elbo", beta, samples: 1, capacity }, {})).toThrow(
      '"capacity" would have no effect',
    );
    expect(elbo.resolve?.({ type: "elbo", beta, samples: 1 }, {})).toEqual({ type: "elbo", beta, samples: 1 });
  });
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
    expect(Object.keys(found.terms)).toEqual(["distortion", "rate"]);
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
    expect(elbo.requires?.(fields({ type: "linear", initial: 0, final: 1, steps: 3 }))).toHaveLength(1);
  });
});
