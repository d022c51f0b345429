/** A prior that breaks a law is told so. */
import { expect, test } from "vitest";
import type { Distribution } from "../../../src/contracts/distribution.js";
import type { PriorCall, PriorContext } from "../../../src/contracts/prior.js";
import { DiagonalGaussian } from "../../../src/distributions/diagonal-gaussian.js";
import { definePrior } from "../../../src/spec/define.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { priorLaws } from "../../../src/testing/laws/prior.js";
import { useEngine } from "../../support/engine.js";
import { failuresOf } from "../failures.js";

const engine = await useEngine();

type At = (context: PriorContext, call: PriorCall) => Distribution;
const prior = (at: At, capabilities: readonly ("density" | "conditional")[] = ["density"]) =>
  definePrior({
    schema: {
      type: "object",
      title: "own",
      required: ["type"],
      additionalProperties: false,
      properties: { type: { const: "own" } },
    },
    capabilities: () => capabilities,
    create: (_, context) => ({ at: (call) => at(context, call) }),
  });
const standard = (latent: readonly number[]): DiagonalGaussian =>
  new DiagonalGaussian(tf.zeros([...latent]), tf.zeros([...latent]), latent.length);

test("a right one passes every law", async () => {
  expect(
    await failuresOf(
      priorLaws(
        engine,
        prior(({ latent }) => standard(latent)),
      ),
    ),
  ).toEqual([]);
});

test("one whose logProb averages the batch fails with both shapes", async () => {
  const averaging: At = ({ latent }) => {
    const p = standard(latent);
    const own = p.logProb.bind(p);
    return Object.assign(p, { logProb: (x: Tensor) => tf.mean(own(x)) });
  };
  expect((await failuresOf(priorLaws(engine, prior(averaging)), /over \[3\]/)).join()).toMatch(
    /^prior\/own: is a distribution over \[3\] that broadcasts against draws {2}.* has the shape \[\], expected \[2\]/,
  );
});

test("one that is conditional, and ignores its parents, fails", async () => {
  const laws = priorLaws(
    engine,
    prior(({ latent }) => standard(latent), ["density", "conditional"]),
  );
  expect(await failuresOf(laws, /over \[3\]/)).toEqual([
    "prior/own: over [3], it has the batch of its parents  its batch has the shape [], expected [2, 5]",
  ]);
});

test("pseudo-inputs and training examples have the shape of the data", async () => {
  const ofExamples: At = ({ latent, inputs, examples }, { encode }) => {
    const q = encode({ x: tf.tensor(examples(1).x!, [1, ...inputs.x!.shape]) });
    return new DiagonalGaussian(tf.squeeze(q.mean!(), [0]), tf.zeros([...latent]), latent.length);
  };
  expect(await failuresOf(priorLaws(engine, prior(ofExamples)))).toEqual([]);
  const flat: At = ({ latent, inputs }, { encode }) => {
    encode({ x: tf.zeros([1, inputs.x!.shape.reduce((a, b) => a * b)]) });
    return standard(latent);
  };
  expect((await failuresOf(priorLaws(engine, prior(flat)), /over \[3\]/)).join()).toContain(
    "a pseudo-input has the shape [20], expected [5, 4, 1]",
  );
});

test("one that scores each draw of a batch by all of its rows in training fails", async () => {
  const byRows: At = ({ latent }, { index }) => {
    const p = standard(latent);
    return index ? new DiagonalGaussian(tf.zeros([5, 1, 1, ...latent]), tf.zeros([...latent]), latent.length) : p;
  };
  expect(await failuresOf(priorLaws(engine, prior(byRows)), /over \[3\]/)).toEqual([
    expect.stringMatching(
      /^prior\/own: is a distribution over \[3\].*in training has the shape \[.*\], expected \[2, 5\]$/,
    ),
  ]);
});
