import { beforeAll, describe, expect, test } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import {
  Autoregressive,
  Bernoulli,
  Categorical,
  DiagonalGaussian,
  FullGaussian,
  Gamma,
  HypersphereUniform,
  Laplace,
  PointMass,
  PowerSpherical,
  Quantized,
  VonMisesFisher,
} from "../../src/distributions/index.js";
import { closedFormKl, klPairs } from "../../src/distributions/kl.js";
import type { Engine } from "../../src/engine/engine.js";
import { causalNetwork } from "../../src/nn/index.js";
import { logNormalize } from "../../src/tensor/mathematics.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { strictlyLower } from "../../src/tensor/triangular.js";
import { assertKl } from "../../src/testing/divergence.js";
import { movedBindings } from "../../src/testing/values.js";
import fixtures from "../fixtures/discrete-latents.json" with { type: "json" };
import { useEngine } from "../support/engine.js";
import { expectClose, tensorOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const gaussian = (mean: number, variance: number, shape: number[], eventRank = 1): DiagonalGaussian =>
  new DiagonalGaussian(tf.fill(shape, mean), tf.fill(shape, Math.log(variance)), eventRank);

const fullGaussian = (leading: number[], at: number): FullGaussian => {
  const below = tf.fill([...leading, 3], 0.5 + at);
  return new FullGaussian(tf.fill([...leading, 3], at), tf.fill([...leading, 3], -at), strictlyLower(below, 3));
};

/** Two examples of three codes, of four categories each, and the vectors of two dimensions that they stand for. */
const codes = (): Quantized => {
  const chosen = tf.oneHot(
    tf.tensor2d(
      [
        [0, 3, 2],
        [1, 1, 3],
      ],
      [2, 3],
      "int32",
    ),
    4,
  );
  return new Quantized(tf.ones([2, 3, 2]), tf.cast(chosen, "float32"), 2);
};
/** A pair of each row of the table: q of batchShape [2]. */
const pairs: Readonly<Record<string, () => readonly [q: Distribution, p: Distribution]>> = {
  "diagonal-gaussian, diagonal-gaussian": () => [gaussian(1, 0.25, [2, 3]), gaussian(-0.5, 2, [3])],
  "full-gaussian, full-gaussian": () => [fullGaussian([2], 0.3), fullGaussian([], -0.2)],
  "full-gaussian, diagonal-gaussian": () => [fullGaussian([2], 0.3), gaussian(-0.5, 2, [3])],
  "diagonal-gaussian, full-gaussian": () => [gaussian(1, 0.25, [2, 3]), fullGaussian([], -0.2)],
  "gamma, gamma": () => [
    new Gamma(tf.fill([2, 3], 0.4), tf.fill([3], -0.5)),
    new Gamma(tf.fill([3], -0.3), tf.fill([3], 0.6)),
  ],
  "laplace, laplace": () => [
    new Laplace(tf.fill([2, 3], 0.4), tf.fill([2, 3], -0.3)),
    new Laplace(tf.fill([3], -0.5), tf.fill([3], 0.2)),
  ],
  "von-mises-fisher, hypersphere-uniform": () => [
    new VonMisesFisher(tf.tile(tf.oneHot([1], 4), [2, 1]), tensorOf([2, 9])),
    new HypersphereUniform([4]),
  ],
  "power-spherical, hypersphere-uniform": () => [
    new PowerSpherical(tf.tile(tf.oneHot([1], 4), [2, 1]), tensorOf([2, 9])),
    new HypersphereUniform([4]),
  ],
  "categorical, categorical": () => [
    new Categorical(logNormalize(tensorOf(fixtures.categorical.q)), 2),
    new Categorical(logNormalize(tensorOf(fixtures.categorical.p)), 2),
  ],
  "bernoulli, bernoulli": () => [
    new Bernoulli(tensorOf(fixtures.bernoulli.q)),
    new Bernoulli(tensorOf(fixtures.bernoulli.p)),
  ],
  "quantized, autoregressive": () => {
    const store = new ParameterStore();
    const options = { hidden: [6], activation: "tanh", categories: 4, variables: 3, conditions: {} } as const;
    const network = causalNetwork(store.scope("p"), options);
    return [
      codes(),
      new Autoregressive(
        store.bind(movedBindings(store), () => network({})),
        [3, 4],
      ),
    ];
  },
  "quantized, categorical": () => [codes(), new Categorical(logNormalize(tensorOf(fixtures.categorical.p)), 2)],
};

describe("the table of closed-form KLs", () => {
  test.each(klPairs)("has for $q from $p what draws estimate", ({ q: own, p: other }) => {
    const [q, p] = pairs[`${own}, ${other}`]!();
    expect([q.family, p.family, q.batchShape]).toEqual([own, other, [2]]);
    assertKl(engine, q, p);
  });

  test("has PyTorch's values for one-hot and for binary variables", () => {
    const kl = (pair: string) => closedFormKl(...pairs[pair]!())!;
    expectClose(kl("categorical, categorical").total(), fixtures.categorical.kl, 2e-6);
    expectClose(kl("bernoulli, bernoulli").elements!(), fixtures.bernoulli.kl, 2e-6);
  });
});

describe("a closed-form KL", () => {
  test("of two Gaussians is ln(s_p / s_q) + (v_q + (m_q - m_p)^2) / (2 v_p) - 1/2 in each element", () => {
    const elements = closedFormKl(gaussian(1, 0.25, [2, 3]), gaussian(-1, 4, [3]))!.elements!();
    expect(elements.shape).toEqual([2, 3]);
    for (const value of elements.dataSync()) expect(value).toBeCloseTo(Math.log(4) + (0.25 + 4) / 8 - 0.5, 5);
  });

  test("needs the same number of event axes: else elements of one are summed as examples of the other", () => {
    const [rows, images] = [gaussian(0, 1, [5, 2, 3], 1), gaussian(1, 1, [5, 2, 3], 2)];
    expect(closedFormKl(rows, images)).toBeUndefined();
    expect(closedFormKl(images, rows)).toBeUndefined();
    expect(closedFormKl(images, images)).toBeDefined();
  });

  test("is known of no other pair", () => {
    const others = [new PointMass(tf.zeros([2, 3])), new Bernoulli(tf.zeros([2, 3]))];
    for (const other of others) {
      expect(closedFormKl(other, gaussian(0, 1, [3]))).toBeUndefined();
      expect(closedFormKl(gaussian(0, 1, [2, 3]), other)).toBeUndefined();
    }
  });
});
