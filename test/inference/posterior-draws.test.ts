import { beforeAll, expect, test } from "vitest";
import type { Inferred, Site } from "../../src/contracts/inferred.js";
import type { Model } from "../../src/contracts/model.js";
import { posteriorDraws } from "../../src/inference/posterior-draws.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { noiseOf } from "../../src/testing/values.js";
import { useEngine } from "../support/engine.js";

const K = 3;
const DRAWS = 3000;
/** q(y | x) of two examples. */
const PROBABILITIES = [
  [0.7, 0.2, 0.1],
  [0, 0.5, 0.5],
];
const MODEL = { latents: { y: [K], z: [1] } } as unknown as Model;

let engine: Awaited<ReturnType<typeof useEngine>>;
beforeAll(async () => {
  engine = await useEngine();
});

/** Rows are draws, then values of y; z of a row is 10 times its draw plus y. */
const inferred = (): Inferred => {
  const site = (value: Tensor, rest: Partial<Site>): Site => ({ value, enumerated: false, ...rest }) as Site;
  const y = tf.tile(tf.reshape(tf.eye(K), [K, 1, K]), [DRAWS, 2, 1]);
  const logQ = tf.tile(tf.transpose(tf.log(tf.maximum(tf.tensor2d(PROBABILITIES), 1e-30))), [DRAWS, 1]);
  const rows = Array.from({ length: DRAWS * K }, (_, row) => 10 * Math.floor(row / K) + (row % K));
  const z = tf.tile(tf.reshape(tf.tensor1d(rows), [-1, 1, 1]), [1, 2, 1]);
  return { sites: { y: site(y, { logQ, enumerated: true }), z: site(z, {}) }, samples: DRAWS } as unknown as Inferred;
};

test("of a latent that is summed over each draw has one value, by its probability, and the other latents of that row", () => {
  const draws = tf.tidy(() => posteriorDraws(MODEL, inferred(), noiseOf(engine))).arraySync() as number[][][];
  PROBABILITIES.forEach((probabilities, b) => {
    const counts = Array(K).fill(0) as number[];
    draws.forEach((examples, draw) => {
      const [z, ...rest] = [...examples[b]!].reverse() as [number, ...number[]];
      const y = rest.reverse().indexOf(1);
      expect(z).toBe(10 * draw + y);
      counts[y]!++;
    });
    probabilities.forEach((p, y) => {
      expect(Math.abs(counts[y]! / DRAWS - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / DRAWS));
    });
  });
});
