import { beforeAll, describe, expect, it } from "vitest";
import { HypersphereUniform } from "../../../src/distributions/index.js";
import { normalized } from "../../../src/distributions/sphere/geometry.js";
import type { Engine } from "../../../src/engine/engine.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, noiseOf } from "../../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const DRAWS = 20_000;
/** Five standard errors, one time in 1.7 million. */
const expectMean = (values: readonly number[], expected: number): void => {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1);
  expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(variance / values.length));
};

describe("the uniform distribution on a sphere", () => {
  it.each([
    [2, 2 * Math.PI],
    [3, 4 * Math.PI],
    [4, 2 * Math.PI ** 2],
    [7, (16 / 15) * Math.PI ** 3],
  ])("in %i dimensions has the density 1 / %f", (dimensions, area) => {
    const p = new HypersphereUniform([dimensions]);
    expectClose(p.logProb(normalized(tf.ones([3, dimensions]))), Array(3).fill(-Math.log(area)));
    expectClose(
      new HypersphereUniform([2, dimensions]).logProb(tf.ones([3, 2, dimensions])),
      Array(3).fill(-2 * Math.log(area)),
    );
    const draws = p.sample(noiseOf(engine), "z", [DRAWS]);
    const rows = draws.arraySync() as number[][];
    for (let d = 0; d < dimensions; d++) {
      expectMean(
        rows.map((row) => row[d]!),
        0,
      );
      expectMean(
        rows.map((row) => row[d]! ** 2),
        1 / dimensions,
      );
    }
  });
});
