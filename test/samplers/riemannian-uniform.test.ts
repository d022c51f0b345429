/** Chains under volumes whose densities are known, on the host; the metric itself is tested with its posterior. */
import { expect, test } from "vitest";
import type { LogVolume } from "../../src/contracts/sampler.js";
import { type Points, pointsOf } from "../../src/numerics/points.js";
import { momentsOf } from "../../src/numerics/principal-components.js";
import { stream } from "../../src/numerics/streams.js";
import { riemannianUniform } from "../../src/samplers/riemannian-uniform.js";
import { loadWritten } from "../../src/testing/experiment.js";
import { build } from "../support/components.js";

const drawn = async (at: LogVolume, codes: Points, fields: object): Promise<Points> => {
  const posterior = { withLogVolume: (_: number, use: (volume: LogVolume) => Promise<unknown>) => use(at) };
  const sampler = build(riemannianUniform, { steps: 40, leapfrogSteps: 5, stepSize: 0.25, ...fields }, {});
  const learned = await sampler.learn(codes, stream(1, "learn"), { posterior } as never);
  return learned.sample(2000, stream(2, "sample"));
};

test("of sqrt(det G^-1) = exp(-|z - m|^2 / 2 s^2) draws a Gaussian", async () => {
  const [m, s] = [
    [1, -2],
    [0.7, 1.5],
  ] as const;
  const gaussian: LogVolume = async ({ values, n }) => ({
    value: Float32Array.from({ length: n }, (_, i) =>
      [0, 1].reduce((sum, j) => sum + (values[2 * i + j]! - m[j]!) ** 2 / (2 * s[j]! ** 2), 0),
    ),
    gradient: values.map((value, at) => (value - m[at % 2]!) / s[at % 2]! ** 2),
  });
  const { values } = await drawn(gaussian, pointsOf(Float32Array.of(-9, -9, 9, 9, 1, -2), 2), {});
  const inner = momentsOf(values, 2);
  // Four standard errors of means and variances of 2,000 independent draws.
  for (const j of [0, 1]) {
    expect(Math.abs(inner.mean[j]! - m[j]!)).toBeLessThan(4 * s[j]! * Math.sqrt(1 / 2000));
    expect(Math.abs(inner.covariance.get(j, j) / s[j]! ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / 2000));
  }
});

test("of a flat metric fills the box of the codes and no more", async () => {
  const flat: LogVolume = async ({ values, n }) => ({
    value: new Float32Array(n),
    gradient: new Float32Array(values.length),
  });
  const { values } = await drawn(flat, pointsOf(Float32Array.of(-1, 2, 0.5), 1), { stepSize: 0.2 });
  expect(values.every((value) => value >= -1 && value <= 2)).toBe(true);
  const { mean, covariance } = momentsOf(values, 1);
  expect(Math.abs(mean[0]! - 0.5)).toBeLessThan(4 * Math.sqrt(0.75 / 2000));
  expect(Math.abs(covariance.get(0, 0) - 9 / 12)).toBeLessThan(0.06);
});

test("is refused where codes have no metric", async () => {
  const written = { evaluation: { samplers: ["riemannian-uniform"] } };
  await expect(loadWritten(written)).rejects.toThrow('needs a posterior with "metric"');
});
