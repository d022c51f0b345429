/** The points and measurements of test/oracles/sample_metrics.py. */
import { type Points, pointsOf } from "../../../src/numerics/points.js";
import { normal, stream } from "../../../src/numerics/streams.js";
import oracle from "../../fixtures/sample-metrics.json" with { type: "json" };

export { oracle };
export const real = pointsOf(Float32Array.from(oracle.real), oracle.width);
export const fake = pointsOf(Float32Array.from(oracle.fake), oracle.width);

/** Independent standard normal rows. */
export const gaussianRows = (n: number, width: number, seed: number): Points => {
  const uniform = stream(seed, "test/rows");
  return pointsOf(
    Float32Array.from({ length: n * width }, () => normal(uniform)),
    width,
  );
};
