/** The density against SciPy's, and the moments of draws. */
import { describe, expect, test } from "vitest";
import { pointsOf } from "../../src/numerics/points.js";
import { momentsOf } from "../../src/numerics/principal-components.js";
import { stream } from "../../src/numerics/streams.js";
import { kde } from "../../src/samplers/kde.js";
import oracle from "../fixtures/kde.json" with { type: "json" };
import { fittedTo } from "../support/samplers.js";

const rowsOf = (rows: number[][]) => pointsOf(Float32Array.from(rows.flat()), rows[0]!.length);
const codes = rowsOf(oracle.codes);
const learned = (fields: object) => fittedTo(kde, { floor: 1e-12, ...fields }, codes, stream(1, "kde"));

test.each(oracle.estimates)("the density with the bandwidth $bandwidth is SciPy's", ({ bandwidth, logProb }) => {
  const found = learned({ bandwidth }).logProb(rowsOf(oracle.points));
  for (const [i, value] of logProb.entries()) expect(found[i]).toBeCloseTo(value, 6);
});

describe("draws", () => {
  test.each([
    [1, 1 + 0.5 ** 2],
    [0.5, 1 + 0.25 ** 2],
  ])("at the temperature %f have the covariance of the codes and of the kernels", (temperature, factor) => {
    const drawn = learned({ bandwidth: 0.5, temperature }).sample(20_000, stream(2, "kde"));
    const [own, found] = [codes, drawn].map(({ values }) => momentsOf(values, 3).covariance);
    // Codes are drawn with the covariance by 1 / n, kernels have that by 1 / (n - 1).
    const expected = (i: number, j: number) => own!.get(i, j) * (1 + ((factor - 1) * 30) / 29);
    for (const i of [0, 1, 2])
      for (const j of [0, 1, 2]) expect(Math.abs(found!.get(i, j) - expected(i, j))).toBeLessThan(0.15);
  });
  test("are scored by the density at the temperature", () => {
    // One code: N((2, -1), 4 floor).
    const floored = fittedTo(kde, { floor: 0.25, temperature: 2 }, rowsOf([[2, -1]]), stream(1, "kde"));
    expect(floored.logProb(rowsOf([[2, 0]]))[0]).toBeCloseTo(-Math.log(2 * Math.PI) - 0.5, 6);
  });
});
