/** A posterior whose capabilities or shapes are not what it declares is told so. */
import { expect, test } from "vitest";
import type { Distribution } from "../../../src/contracts/distribution.js";
import { DiagonalGaussian } from "../../../src/distributions/diagonal-gaussian.js";
import { dense } from "../../../src/nn/index.js";
import { definePosterior } from "../../../src/spec/define.js";
import { sizeOf } from "../../../src/tensor/fields.js";
import { stopGradient, type Tensor, tf } from "../../../src/tensor/tensor.js";
import { posteriorLaws } from "../../../src/testing/laws/posterior.js";
import { useEngine } from "../../support/engine.js";
import { failuresOf } from "../failures.js";

const engine = await useEngine();

type Made = (mean: Tensor) => Distribution;
/** q(z | x) = N(m(x), I), or what else is made of the mean [N, ...latent]. */
const posterior = (made?: Made, family?: string) =>
  definePosterior({
    schema: {
      type: "object",
      title: "own",
      required: ["type"],
      additionalProperties: false,
      properties: { type: { const: "own" } },
    },
    capabilities: () => ["density", "evaluable", "factorized", "reparameterized"],
    ...(family !== undefined && { family: () => family }),
    create: (_, { features, latent, parameters }) => {
      const layer = dense(parameters.scope("mean"), sizeOf(features.features!), sizeOf(latent));
      return {
        at: (maps) => {
          const mean = tf.reshape(layer(maps.features!), [-1, ...latent]);
          return made ? made(mean) : new DiagonalGaussian(mean, tf.zerosLike(mean), latent.length);
        },
      };
    },
  });
const gaussian = (mean: Tensor): DiagonalGaussian => new DiagonalGaussian(mean, tf.zerosLike(mean), mean.rank - 1);
const broken = (made: Made, named: RegExp): Promise<string[]> =>
  failuresOf(posteriorLaws(engine, posterior(made)), named);

test("a right one passes every law", async () => {
  const laws = posteriorLaws(engine, posterior());
  expect(laws).toHaveLength(6);
  expect(await failuresOf(laws)).toEqual([]);
});

test("events of another rank fail with both shapes", async () => {
  expect(await broken((mean) => new DiagonalGaussian(mean, tf.zerosLike(mean), 1), /over \[2, 2\]/)).toEqual([
    "posterior/own: features become a distribution over [2, 2] for each row  its batch has the shape [5, 2], expected [5]",
  ]);
});

test("a batch whose rows depend on each other fails", async () => {
  const mixing: Made = (mean) => gaussian(tf.add(mean, tf.mean(mean, 0)));
  expect((await broken(mixing, /each row/)).join()).toContain("of logProb of two examples by themselves is");
});

test("a capability that is declared and not there fails", async () => {
  const whole: Made = (mean) => {
    const q = gaussian(mean);
    return Object.assign(q, { logProbElements: undefined, logProb: (x: Tensor) => tf.sum(q.logProbElements(x), -1) });
  };
  expect(await broken(whole, /capabilities/)).toEqual([
    'posterior/own: its distribution does what the capabilities declare  "factorized" is declared, and its distribution has no logProbElements',
  ]);
  const cut: Made = (mean) => gaussian(tf.add(stopGradient(mean), tf.mul(0, mean)));
  expect((await broken(cut, /capabilities/)).join()).toContain(
    '"reparameterized" is declared, and the gradient of a draw in the features is 0',
  );
});

test("another family than the one that closed-form KLs are looked up by fails", async () => {
  expect(await failuresOf(posteriorLaws(engine, posterior(undefined, "laplace")), /capabilities/)).toEqual([
    "posterior/own: its distribution does what the capabilities declare  the family of its distribution is diagonal-gaussian, expected laplace, as declared",
  ]);
});
