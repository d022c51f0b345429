/** What a component returns in a wrong form is refused with its name, the form found and the form expected. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import type { Objective, Phase, Terms } from "../../src/contracts/objective.js";
import { DiagonalGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { assertPhases, assertTerms } from "../../src/inference/checks.js";
import { makeSite } from "../../src/inference/site.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { noiseOf } from "../support/tensors.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const gaussian = (shape: number[]): DiagonalGaussian => new DiagonalGaussian(tf.zeros(shape), tf.zeros(shape));
/** A distribution with some methods replaced, as an object of its own class. */
const changed = (distribution: DiagonalGaussian, changes: Partial<Distribution>): Distribution => ({
  batchShape: distribution.batchShape,
  eventShape: distribution.eventShape,
  sample: (noise, site, shape) => distribution.sample(noise, site, shape),
  sampleAndLogProb: (noise, site, shape) => distribution.sampleAndLogProb(noise, site, shape),
  logProb: (value) => distribution.logProb(value),
  ...changes,
});
const site = (q: Distribution, p: Distribution) => makeSite({ name: "z", q, p, noise: noiseOf(engine), samples: 4 });

describe("a latent", () => {
  test("whose prior keeps the event axes, or averages the batch, is refused", () => {
    const p = gaussian([2]);
    const unsummed = site(gaussian([3, 2]), changed(p, { logProb: (z) => p.logProbElements(z) }));
    expect(() => unsummed.logP).toThrow(
      'the log-density of the prior of "z" has the shape [4,3,2], and [4,3] was expected',
    );
    const averaged = site(gaussian([3, 2]), changed(p, { logProb: (z) => tf.mean(p.logProb(z)) }));
    expect(() => averaged.logP).toThrow('the log-density of the prior of "z" has the shape [], and [4,3] was expected');
  });

  test("whose posterior draws too few axes, or scores each element, is refused", () => {
    const q = gaussian([3, 2]);
    const bare = changed(q, { sampleAndLogProb: (noise, name) => q.sampleAndLogProb(noise, name, []) });
    expect(() => site(bare, gaussian([2]))).toThrow(
      'the posterior of the latent "z" draws values [3,2], and [4, batch, 2]',
    );
    const unsummed = changed(q, {
      sampleAndLogProb: (noise, name, shape) => {
        const value = q.sample(noise, name, shape);
        return { value, logProb: q.logProbElements(value) };
      },
    });
    expect(() => site(unsummed, gaussian([2])).logQ).toThrow(
      'the log-density of the posterior of "z" has the shape [4,3,2]',
    );
  });

  test("whose prior is over other events is refused", () => {
    expect(() => site(gaussian([3, 2]), gaussian([5]))).toThrow(
      'the prior of the latent "z" has events [5], and its posterior has [2]',
    );
  });
});

describe("an objective", () => {
  const phase: Phase = { name: "a", every: 1, variables: () => true, terms: () => ({ loss: tf.scalar(1), terms: {} }) };
  const refused = (phases: unknown): string => {
    try {
      assertPhases({ phases } as Objective);
    } catch (error) {
      return String(error);
    }
    return "accepted";
  };
  test.each([
    [[], "the objective has no phases"],
    [[{ ...phase, name: undefined }], "phase 1 of the objective has no name"],
    [[{ ...phase, name: "" }], "phase 1 of the objective has no name"],
    [[{ ...phase, every: undefined }], 'the phase "a" has "every" undefined'],
    [[{ ...phase, every: 0 }], 'the phase "a" has "every" 0'],
    [[{ ...phase, every: 1.5 }], 'the phase "a" has "every" 1.5'],
    [[{ ...phase, variables: undefined }], 'the phase "a" has no function "variables"'],
    [[{ ...phase, terms: {} }], 'the phase "a" has no function "terms"'],
    [[phase, { ...phase }], 'two phases of the objective are named "a"'],
    [[phase], "accepted"],
  ])("of the phases %j", (phases, message) => {
    expect(refused(phases)).toContain(message);
  });

  const terms = (found: unknown) => () => assertTerms("a", found as Terms);
  test("returns a scalar loss, scalar terms, and vectors of one axis by latent, and nothing else", () => {
    const loss = tf.scalar(1);
    expect(terms({ loss: tf.ones([3]), terms: {} })).toThrow(
      'the loss of the phase "a" must be a scalar tensor, and it is of shape [3]',
    );
    expect(terms({ loss })).toThrow('the phase "a" returns no terms to log');
    expect(terms({ loss, terms: { rate: tf.ones([2]) } })).toThrow('the term "rate" of the phase "a" must be a scalar');
    expect(terms({ loss, terms: { rate: 3 } })).toThrow(
      'the term "rate" of the phase "a" must be a scalar tensor, and it is 3',
    );
    expect(terms({ loss, terms: {}, byLatent: { z: { kl: tf.ones([2, 2]) } } })).toThrow(
      'the term "kl" of the latent "z" in the phase "a" must be a scalar or a vector, and it is of shape [2,2]',
    );
    expect(terms({ loss, terms: {}, byField: { label: { accuracy: tf.ones([1]) } } })).toThrow(
      'the term "accuracy" of the field "label" of the phase "a" must be a scalar tensor',
    );
    expect(terms({ loss, terms: {}, vectors: { kl: tf.ones([2]) } })).toThrow(
      'the phase "a" returns "vectors", which is not logged',
    );
    expect(terms({ loss, terms: { rate: loss }, byLatent: { z: { kl: tf.ones([2]), usage: loss } } })).not.toThrow();
  });
});
