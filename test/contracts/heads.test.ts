/** Any head with any encoder, posterior, prior and decoder: it trains, infers and generates, or is refused with a reason. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Kind } from "../../src/contracts/kinds.js";
import type { Engine } from "../../src/engine/engine.js";
import { VaelabError } from "../../src/errors.js";
import { distortionOf, elboTerms, logImportanceWeights, rateOf } from "../../src/inference/elbo-terms.js";
import { generate } from "../../src/inference/generate.js";
import { isSingular } from "../../src/inference/site.js";
import { batchOf } from "../../src/inference/step.js";
import { tf } from "../../src/tensor/tensor.js";
import { latentOf, loadWritten, setUp } from "../../src/testing/experiment.js";
import { assertAllFinite, gradientsAt, runEagerly } from "../../src/testing/steps.js";
import { CLASSES } from "../../src/testing/tiny-data.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { type Case, casesOfKind } from "./support/cases.js";
import { computed } from "./support/programs.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const PARTS = ["encoder", "posterior", "prior", "decoder"] as const;
const COUNT = 7;
const SAMPLES = 2;

/** The part in a model, with a posterior or a prior beside it that takes the same values. */
const modelOf = ({ kind, fields }: Case): object =>
  kind === "posterior" || kind === "prior" ? latentOf(kind, fields) : { [kind]: fields };

/** The bound that a posterior admits. Without a rate, only a comparison of codes with the prior trains one that is conditioned. */
const LEARNING: Readonly<Record<string, object>> = {
  deterministic: { objective: { type: "elbo", beta: 0 }, regularizers: [{ type: "mmd" }] },
  bernoulli: { objective: { type: "elbo", estimator: "nvil" } },
};

const loadWith = async (head: Case, part: Case) => {
  const own = part.kind === "posterior" ? LEARNING[part.fields.type] : undefined;
  const learning = own ?? { objective: { type: "elbo", beta: 1 } };
  // The optimizer with the fewest operations: what an update computes is for test/contracts/optimizers.
  const training = { optimizer: { type: "sgd", learningRate: 1e-3 } };
  try {
    return await loadWritten({ model: { heads: [head.fields], ...modelOf(part) }, ...learning, training });
  } catch (error) {
    if (error instanceof VaelabError && error.code === "SPEC_COMBINATION") return error;
    throw error;
  }
};

/** One activation is like another here. */
const casesOf = (kind: Kind): Case[] => casesOfKind(kind).filter(({ name }) => !name.includes(", activation "));

for (const head of casesOf("head"))
  for (const part of PARTS.flatMap(casesOf))
    describe(`${head.name} with ${part.name}`, () => {
      test("trains, is scored by example, and generates what it is asked for", async () => {
        const experiment = await loadWith(head, part);
        if (experiment instanceof VaelabError) {
          for (const { message, remedy } of experiment.problems) {
            expect(message).toContain(`"${head.fields.type}"`);
            const quoted = [...message.matchAll(/"[^"]+"/g)].map(([name]) => name);
            const written = JSON.stringify(modelOf(part));
            expect(quoted.filter((name) => name !== `"${head.fields.type}"` && written.includes(name))).not.toEqual([]);
            expect(remedy).toBeTruthy();
          }
          return;
        }
        const made = await setUp(experiment);
        const { model, store, initialValues } = made.assembled;
        // The second step runs with what the first has moved.
        for (const outputs of runEagerly(engine.noise, made, [0, 1]).outputs) assertAllFinite(outputs);
        for (const [name, gradient] of Object.entries(gradientsAt(engine, made)))
          expect([name, gradient?.data.some((value) => value !== 0)]).toEqual([name, true]);

        const inputs = made.inputsAt(0);
        const size = inputs.index!.data.length;
        const scored = computed(engine, store, initialValues, inputs, (fed, noise) => {
          const batch = batchOf(fed);
          const context = calling(noise.fork("infer"));
          const inferred = model.infer(batch, { ...context, samples: SAMPLES });
          const evidence = elboTerms(model, batch, inferred, calling(noise.fork("x")));
          const singular = isSingular(inferred);
          return {
            weights: tf.sum(tf.exp(evidence.logWeights), 0),
            distortion: distortionOf(evidence),
            ...(!singular && { rate: rateOf(evidence), importance: logImportanceWeights(evidence) }),
            ...model.predict!(inferred, calling(noise.fork("predict"))),
          };
        });
        assertAllFinite(scored);
        for (const weight of scored.weights!.data) expect(weight).toBeCloseTo(1, 5);
        expect(scored.distortion!.shape).toEqual([size]);
        if (scored.rate) expect(scored.rate.shape).toEqual([size]);

        const conditions = Object.keys(model.conditions ?? {});
        const asked = Object.fromEntries(conditions.map((name) => [name, Array(COUNT).fill(CLASSES - 1)]));
        const draw = (values: Record<string, number[]>) =>
          computed(engine, store, initialValues, {}, (_, noise) => {
            const fields = Object.fromEntries(
              Object.entries(values).map(([name, value]) => [name, tf.tensor1d(value)]),
            );
            const { conditions, likelihood } = generate(model, COUNT, noise, fields);
            return { x: likelihood.sample(noise, "x", []), ...conditions };
          });
        const [free, wanted] = [draw({}), draw(asked)];
        for (const drawn of [free, wanted]) {
          assertAllFinite(drawn);
          expect(drawn.x!.shape).toEqual([COUNT, ...model.fields.x!.shape]);
        }
        for (const name of conditions) {
          expect(Array.from(wanted[name]!.data)).toEqual(asked[name]);
          for (const value of free[name]!.data) expect([0, 1, 2]).toContain(value);
        }
      });
    });
