/** Likelihoods, posteriors and priors are what they say: they sum to 1, and their draws have the moments of their own densities. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Distribution, LatentSupport } from "../../src/contracts/distribution.js";
import { DiagonalGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { capabilitiesOf } from "../../src/registry/checking/capabilities.js";
import { type FieldSchema, type Fields, type Shape, SUPPORTS } from "../../src/tensor/fields.js";
import { tf } from "../../src/tensor/tensor.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { noiseOf, valuesOf } from "../support/tensors.js";
import { casesOfKind } from "./support/cases.js";
import { loadCase, setUp, supportOf } from "./support/experiment.js";
import { integrate, integrateElements, type Range, sumSupport } from "./support/integrate.js";
import { buildPart, normals } from "./support/parts.js";
import { TABLE } from "./support/tiny-data.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const DRAWS = 20_000;
/** Beyond which a mean of so many draws does not stray: 5 standard errors, one time in 1.7 million. */
const expectMean = (values: readonly number[], expected: number): void => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(variance / values.length) + 1e-6);
};
/** By element of the event. */
const drawsOf = (p: Distribution, elements: number): number[][] => {
  const drawn = valuesOf(p.sample(noiseOf(engine, 4), "draw", [DRAWS]));
  return Array.from({ length: elements }, (_, j) => drawn.filter((_, i) => i % elements === j));
};

/** The mass of a latent's density is 1, its mean is the integral's, and draws have its moments. */
const expectDrawsAndMean = (p: Distribution, dimensions: number, support: LatentSupport): void => {
  const moments = integrate(p, support);
  expect(moments.mass).toBeCloseTo(1, 4);
  drawsOf(p, dimensions).forEach((values, j) => {
    expectMean(values, moments.mean[j]!);
    expectMean(
      values.map((value) => value * value),
      moments.meanSquare[j]!,
    );
  });
  for (const [j, mean] of p.mean ? valuesOf(p.mean()).entries() : []) expect(mean).toBeCloseTo(moments.mean[j]!, 4);
};

/** What all draws of a density lie in. */
const rangeOf = (draws: readonly number[][]): Range => {
  const all = draws.flat();
  if (all.some((value) => value < 0)) return "real";
  return all.some((value) => value > 1) ? "positive" : "unit";
};

for (const each of casesOfKind("likelihood")) {
  const capabilities = capabilitiesOf(each);
  const supports = SUPPORTS.filter((support) => {
    const field: FieldSchema = { kind: "vector", shape: [2], support, classes: 3 };
    return each.definition.refuses?.(each.fields, field) === undefined;
  });
  describe(each.name, () => {
    const likelihoodOf = async (field: FieldSchema): Promise<Distribution> => {
      const part = await buildPart(await setUp(await loadCase(each)), "likelihood", each.fields, (store) => ({
        field,
        parameters: store.scope("likelihood"),
      }));
      return part.store.bind(part.bindings(), () => part.made.at(normals(part.made.outputs), calling()));
    };
    const likelihood = (support: FieldSchema["support"], shape: Shape) =>
      likelihoodOf({ kind: "vector", shape, support, classes: 3 });

    if (each.definition.refuses?.(each.fields, TABLE) === undefined)
      test("draws of a table have its mean", async () => {
        const p = await likelihoodOf(TABLE);
        const mean = valuesOf(p.mean!());
        drawsOf(p, mean.length).forEach((values, j) => {
          expectMean(values, mean[j]!);
        });
      });

    for (const support of supports)
      for (const dimensions of [1, 2])
        test(`${dimensions} of ${support} values: the mass is 1, and draws have its mean`, async () => {
          const p = await likelihood(support, [dimensions]);
          const draws = drawsOf(p, dimensions);
          // Of whole numbers alone: probabilities of the support's values; else a density.
          const isDiscrete = draws.every((values) => values.every(Number.isInteger));
          const moments = p.discrete || isDiscrete ? sumSupport(p, support) : integrateElements(p, rangeOf(draws));
          if (capabilities.includes("density")) expect(moments.mass).toBeCloseTo(1, 4);
          if (p.mean) {
            const mean = valuesOf(p.mean());
            draws.forEach((values, j) => {
              expectMean(values, mean[j]!);
            });
          }
          if (!capabilities.includes("density")) return;
          draws.forEach((values, j) => {
            expectMean(values, moments.mean[j]!);
            expectMean(
              values.map((value) => value * value),
              moments.meanSquare[j]!,
            );
          });
        });
  });
}

/** One category is no choice, and one dimension holds no circle. */
const dimensionsOf = (support: LatentSupport): readonly number[] =>
  support === "one-hot" || support === "sphere" ? [2, 3] : [1, 2];

for (const each of casesOfKind("posterior")) {
  // What has no density, or one of its own draws alone, has no integral.
  const capabilities = capabilitiesOf(each);
  if (!capabilities.includes("density") || !capabilities.includes("evaluable")) continue;
  const support = supportOf("posterior", each.fields);
  describe(each.name, () => {
    for (const dimensions of dimensionsOf(support))
      test(`in ${dimensions} dimensions its mass is 1, and draws have its moments`, async () => {
        const part = await buildPart(await setUp(await loadCase(each)), "posterior", each.fields, (store) => ({
          features: { features: [4] },
          latent: [dimensions],
          parameters: store.scope("posterior"),
        }));
        const maps = { features: normals([1, 4], "features", 0.5) };
        const q = part.store.bind(part.bindings(), () => part.made.at(maps, { parents: {}, call: calling() }));
        expectDrawsAndMean(q, dimensions, support);
      });
  });
}

for (const each of casesOfKind("prior"))
  describe(each.name, () => {
    const support = supportOf("prior", each.fields);
    for (const dimensions of dimensionsOf(support))
      test(`in ${dimensions} dimensions its mass is 1, and draws have its moments`, async () => {
        const { dataset, ...made } = await setUp(await loadCase(each));
        const part = await buildPart({ dataset, ...made }, "prior", each.fields, (store) => ({
          latent: [dimensions],
          inputs: { x: dataset.fields.x! },
          parameters: store.scope("prior"),
          labels: () => ({ counts: Array.from({ length: dimensions }, (_, k) => 3 * k), size: 12 }),
          examples: (count) => dataset.split("train", "evaluation").read(Array.from({ length: count }, (_, i) => i)),
        }));
        const encode = ({ x }: Fields): DiagonalGaussian => {
          const flat = tf.reshape(x!, [x!.shape[0]!, -1]);
          const weights = normals([flat.shape[1]!, dimensions], "encoder");
          return new DiagonalGaussian(tf.matMul(flat, weights), tf.fill([dimensions], -1));
        };
        const p = part.store.bind(part.bindings(), () => part.made.at({ parents: {}, encode, call: calling() }));
        expectDrawsAndMean(p, dimensions, support);
      });
  });
