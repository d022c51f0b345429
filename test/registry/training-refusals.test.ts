/** What objectives, schedules and averages of the weights cannot be asked for: refused before anything is built. */
import { expect, test } from "vitest";
import { builtins } from "../../src/builtins.js";
import { VaelabError } from "../../src/errors.js";
import { createCatalogue } from "../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../src/registry/experiment.js";

const catalogue = createCatalogue(builtins);
/** 20 epochs of 62 steps. */
const specOf = (changes: { objective?: object; prior?: string; training?: object }): object => ({
  name: "refused",
  data: "digits",
  model: { latent: 2, encoder: "mlp", ...(changes.prior && { prior: changes.prior }) },
  ...(changes.objective && { objective: { type: "elbo", ...changes.objective } }),
  ...(changes.training && { training: changes.training }),
});
const problemsOf = async (changes: Parameters<typeof specOf>[0]): Promise<(string | undefined)[]> => {
  try {
    await loadExperimentValue(specOf(changes), { catalogue });
    return [];
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.problems.map(({ where, message }) => `${where?.replace("(given spec)  ", "")}  ${message}`);
  }
};
const learningRate = (schedule: object | number) => ({
  training: { optimizer: { type: "adamw", learningRate: schedule } },
});

test.each([
  [
    "free bits per dimension under a mixture",
    { prior: "gaussian-mixture", objective: { freeBits: { nats: 0.5 } } },
    '/objective  the objective "elbo" needs a prior with "factorized", which prior "gaussian-mixture" does not have',
  ],
  [
    "a capacity at beta 0",
    { objective: { beta: 0, capacity: 5 } },
    '/objective  at "beta" 0 the rate is not penalized, so "capacity" would have no effect',
  ],
  [
    "no free bits at all",
    { objective: { freeBits: { nats: 0 } } },
    "/objective/freeBits/nats  should be above 0, not 0",
  ],
  [
    "averages that begin when the run is over",
    { training: { ema: { decay: 0.99, start: 1240 } } },
    "/training/ema/start  weight averaging starts after 1240 steps, but the run has 1240: 20 epochs of 62",
  ],
  [
    "averages that forget nothing and more",
    { training: { ema: { decay: 1.5 } } },
    "/training/ema/decay  should be at most 1, not 1.5",
  ],
  [
    "points that go back",
    learningRate({
      type: "piecewise",
      points: [
        { step: 10, value: 0.1 },
        { step: 5, value: 0.01 },
      ],
    }),
    "/training/optimizer/learningRate  the points of a schedule must be in ascending order, but step 5 follows step 10",
  ],
  [
    "a warm-up as long as the run",
    learningRate({ type: "warmup-cosine", peak: 0.001, warmup: 1240 }),
    '/training/optimizer/learningRate  the schedule "warmup-cosine" takes 1241 steps, but the run has 1240: 20 epochs of 62',
  ],
  ["a negative beta", { objective: { beta: -1 } }, "/objective/beta/value  should be at least 0, not -1"],
  [
    "a ramp from below 0",
    { objective: { beta: { type: "linear", initial: -0.5, final: 1 } } },
    "/objective/beta/initial  should be at least 0, not -0.5",
  ],
  [
    "a cycle to below 0",
    { objective: { beta: { type: "cyclical", final: -1 } } },
    "/objective/beta/final  should be at least 0, not -1",
  ],
  [
    "points below 0",
    learningRate({ type: "piecewise", points: [{ step: 0, value: -0.1 }] }),
    "/training/optimizer/learningRate/points/0/value  should be at least 0, not -0.1",
  ],
  [
    "a peak of nothing",
    learningRate({ type: "warmup-cosine", peak: 0, warmup: 10 }),
    "/training/optimizer/learningRate/peak  should be above 0, not 0",
  ],
  ["a rate that learns nothing", learningRate(0), "/training/optimizer/learningRate/value  should be above 0, not 0"],
  [
    "a rate that climbs the loss, in full",
    learningRate({ type: "constant", value: -0.1 }),
    "/training/optimizer/learningRate/value  should be above 0, not -0.1",
  ],
  [
    "a ramp that never sets out",
    { objective: { beta: { type: "sigmoid", final: 1, after: 2000 } } },
    '/objective/beta  the schedule "sigmoid" takes 2001 steps, but the run has 1240: 20 epochs of 62',
  ],
])("%s", async (_, changes, problem) => {
  expect(await problemsOf(changes)).toEqual([problem]);
});

test.each([
  [
    "free bits per latent under a mixture",
    { prior: "gaussian-mixture", objective: { freeBits: { nats: 1, per: "latent" } } },
  ],
  ["a rate that begins and ends at 0", learningRate({ type: "warmup-cosine", peak: 0.001, warmup: 10 })],
  ["no weight on the rate", { objective: { beta: 0 } }],
  ["averages of the last step alone", { training: { ema: { decay: 1, start: 1239 } } }],
  [
    "ramps of the rest of the run",
    { objective: { beta: { type: "sigmoid", final: 1, after: 1239 }, capacity: { type: "cosine", final: 9 } } },
  ],
])("%s may be asked for", async (_, changes) => {
  expect(await problemsOf(changes)).toEqual([]);
});
