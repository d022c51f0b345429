/**
 * The model of `unit-gaussian-model.ts` with its dimensions split between two latents, "first" and "second": everything about it is
 * known in closed form, latent by latent.
 */
import type { Model } from "../../src/contracts/model.js";
import { inferredFrom } from "../../src/inference/site.js";
import { tf } from "../../src/tensor/tensor.js";
import { type Inference, unitGaussianModel } from "./unit-gaussian-model.js";

export const twoGaussiansModel = (first: Inference, second: Inference): Model => {
  const [a, b] = [unitGaussianModel(first), unitGaussianModel(second)];
  const [width, rest] = [first.slope.length, second.slope.length];
  return {
    ...a,
    fields: { x: { kind: "vector", shape: [width + rest], support: "real" } },
    latents: { first: [width], second: [rest] },
    infer: (batch, context) => {
      const [own, other] = tf.split(batch.fields.x!, [width, rest], 1);
      const parts = [
        ["first", a, own!],
        ["second", b, other!],
      ] as const;
      const sites = parts.map(([name, model, x]) => {
        const noise = context.noise.fork(name);
        const given = context.given && { z: context.given[name]! };
        const { z } = model.infer({ ...batch, fields: { x } }, { ...context, noise, ...(given && { given }) }).sites;
        // The log-densities and the KL of a site are getters and stay so.
        return Object.defineProperty(z!, "name", { value: name });
      });
      return inferredFrom(sites, context.samples);
    },
    generate: ({ first: z1, second: z2 }, context) => a.generate({ z: tf.concat([z1!, z2!], z1!.rank - 1) }, context),
    samplePrior: (count, { noise }) => ({
      first: noise.normal("first", [count, width]),
      second: noise.normal("second", [count, rest]),
    }),
  };
};
