import { beforeAll, describe, expect, test } from "vitest";
import { logisticRegression } from "../../../src/metrics/measures/logistic-regression.js";
import { nearestDistances } from "../../../src/metrics/measures/nearest.js";
import { multiScaleSimilarity, similarityOf } from "../../../src/metrics/measures/structural-similarity.js";
import { scalesFor } from "../../../src/numerics/image-scales.js";
import { pointsOf } from "../../../src/numerics/points.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { fake, oracle, real } from "./oracle.js";

describe("multi-scale structural similarity", () => {
  const { height, width, first, second, twoScales, ssim, contrast } = oracle.images;

  test("has two scales at 28 x 28, five from 176 on, and one or none where the window fits less", () => {
    const sides = [10, 11, 21, 22, 28, 44, 88, 175, 176, 1000];
    expect(sides.map((side) => scalesFor({ height: side, width: 1000 }))).toEqual([0, 1, 1, 2, 2, 3, 4, 4, 5, 5]);
  });

  test("has scikit-image's similarity at one scale", () => {
    const plane = (values: number[]) => ({ height, width, values: Float64Array.from(values) });
    const found = similarityOf(plane(first), plane(second), 1);
    expect(found.ssim).toBeCloseTo(ssim, 8);
    expect(found.contrast).toBeCloseTo(contrast, 8);
  });

  test("is the product of the scales' contrast and scikit-image's similarity", () => {
    expect(multiScaleSimilarity(first, second, { height, width, channels: 1 })).toBeCloseTo(twoScales, 6);
  });

  test("is 1 to itself, the mean over channels, and does not depend on the unit of the values", () => {
    const size = { height, width, channels: 1 };
    expect(multiScaleSimilarity(first, first, size)).toBeCloseTo(1, 12);
    const both = (a: number[], b: number[]) => a.flatMap((value, i) => [value, b[i]!]);
    const two = multiScaleSimilarity(both(first, first), both(first, second), { ...size, channels: 2 });
    expect(two).toBeCloseTo((1 + twoScales) / 2, 6);
    const inBytes = (image: number[]) => image.map((value) => 255 * value);
    expect(multiScaleSimilarity(inBytes(first), inBytes(second), size, 255)).toBeCloseTo(twoScales, 6);
  });
});

describe("logistic regression", () => {
  const { labels, classes, strength, objective, predicted } = oracle.logistic;

  test("reaches scikit-learn's minimum and its predictions", () => {
    const fitted = logisticRegression(real, labels, classes, { strength });
    expect(fitted.objective).toBeCloseTo(objective, 4);
    expect([...fitted.predict(fake)]).toEqual(predicted);
  });

  test("of one class alone predicts that class", () => {
    expect([...logisticRegression(real, Array(real.n).fill(2), 3).predict(fake)]).toEqual(Array(fake.n).fill(2));
  });
});

describe("the nearest of a reference set", () => {
  beforeAll(async () => {
    await useEngine();
  });

  test("is as far as numpy says", () => {
    const before = tf.memory().numTensors;
    for (const [i, distance] of nearestDistances(fake, real).entries())
      expect(distance).toBeCloseTo(oracle.nearest[i]!, 5);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("is at 0 for a copy, far from the origin too", () => {
    const far = pointsOf(
      real.values.map((value) => value + 300),
      real.width,
    );
    expect([...nearestDistances(far, far)]).toEqual(Array(far.n).fill(0));
  });
});
