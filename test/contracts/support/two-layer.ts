/**
 * Two layers of Gaussians, all linear: z2 ~ N(0, I), z1 | z2 ~ N(A z2 + a, S1), x | z1 ~ N(W z1 + b, s^2 I). It infers from the
 * top down, q(z2 | x) q(z1 | x, z2), as ladders do, or from the bottom up, q(z1 | x) q(z2 | z1), where p(z1 | z2) is known
 * only once z2 was drawn from z1.
 */

import type { Distribution } from "../../../src/contracts/distribution.js";
import type { Site } from "../../../src/contracts/inferred.js";
import type { Model } from "../../../src/contracts/model.js";
import { DiagonalGaussian } from "../../../src/distributions/index.js";
import { inferredFrom, makeSite } from "../../../src/inference/site.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { normalWith } from "../../../src/tensor/initializers.js";
import type { Noise } from "../../../src/tensor/keyed-noise.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";

export const SIZES = { x: 3, z1: 2, z2: 2 } as const;
export const SCALE = 0.5;
export type Order = "top-down" | "bottom-up";

export const twoLayerModel = (order: Order): { model: Model; store: ParameterStore } => {
  const store = new ParameterStore();
  /** N(sum of inputs times weights + bias, exp(log-variance)), the log-variance one vector: [..., outputs]. */
  const linear = (name: string, inputs: Readonly<Record<string, number>>, outputs: number) => {
    const scope = store.scope(name);
    const weights = Object.entries(inputs).map(([input, size]) => scope(input, [size, outputs], normalWith(0, 0.5)));
    const bias = scope("bias", [outputs], normalWith(0, 0.3));
    const logVariance = scope("log-variance", [outputs], normalWith(-0.5, 0.3));
    return (...values: Tensor[]): DiagonalGaussian => {
      const products = values.map((value, i) => {
        const leading = value.shape.slice(0, -1);
        const flat = tf.matMul(tf.reshape(value, [-1, value.shape.at(-1)!]), weights[i]!.value);
        return tf.reshape(flat, [...leading, outputs]);
      });
      return new DiagonalGaussian(
        products.reduce((sum, each) => tf.add(sum, each), bias.value),
        logVariance.value,
      );
    };
  };
  const middle = linear("prior/z1", { z2: SIZES.z2 }, SIZES.z1);
  const decoder = store.scope("decoder");
  const weights = decoder("weights", [SIZES.z1, SIZES.x], normalWith(0, 0.7));
  const bias = decoder("bias", [SIZES.x], normalWith(0, 0.3));
  const top = (): Distribution => new DiagonalGaussian(tf.zeros([SIZES.z2]), tf.zeros([SIZES.z2]));
  const x: FieldSchema = { kind: "vector", shape: [SIZES.x], support: "real" };

  type Infer = (x: Tensor, noise: Noise, samples: number) => Site[];
  const topDown = (): Infer => {
    const q2 = linear("encoder/z2", { x: SIZES.x }, SIZES.z2);
    const q1 = linear("encoder/z1", { x: SIZES.x, z2: SIZES.z2 }, SIZES.z1);
    return (x, noise, samples) => {
      const z2 = makeSite({ name: "z2", q: q2(x), p: top(), noise, samples });
      // q(z1 | x, z2) has the draws of z2 in its batch, and is drawn once for each.
      const q = q1(x, z2.value);
      const z1 = makeSite({
        name: "z1",
        q,
        p: middle(z2.value),
        noise,
        samples,
        drawn: q.sampleAndLogProb(noise, "z1", []),
      });
      return [z2, z1];
    };
  };
  const bottomUp = (): Infer => {
    const q1 = linear("encoder/z1", { x: SIZES.x }, SIZES.z1);
    const q2 = linear("encoder/z2", { z1: SIZES.z1 }, SIZES.z2);
    return (x, noise, samples) => {
      const q = q1(x);
      const drawn = q.sampleAndLogProb(noise, "z1", [samples]);
      const above = q2(drawn.value);
      const z2 = makeSite({
        name: "z2",
        q: above,
        p: top(),
        noise,
        samples,
        drawn: above.sampleAndLogProb(noise, "z2", []),
      });
      return [makeSite({ name: "z1", q, p: middle(z2.value), noise, samples, drawn }), z2];
    };
  };
  const infer = order === "top-down" ? topDown() : bottomUp();

  return {
    store,
    model: {
      fields: { x },
      modeled: "x",
      latents: { z1: [SIZES.z1], z2: [SIZES.z2] },
      infer: (batch, { noise, samples, proposal }) =>
        store.bind(proposal ?? {}, () => inferredFrom(infer(batch.fields.x!, noise, samples), samples)),
      generate: ({ z1 }) => {
        const leading = z1!.shape.slice(0, -1);
        const mean = tf.add(tf.matMul(tf.reshape(z1!, [-1, SIZES.z1]), weights.value), bias.value);
        return new DiagonalGaussian(tf.reshape(mean, [...leading, SIZES.x]), tf.scalar(2 * Math.log(SCALE)));
      },
      samplePrior: (count, { noise }) => {
        const z2 = top().sample(noise, "z2", [count]);
        return { z1: middle(z2).sample(noise, "z1", []), z2 };
      },
    },
  };
};
