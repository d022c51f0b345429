/** Several latents in a spec: what is refused, where, and with which remedy. */
import { expect, test } from "vitest";
import { VaelabError } from "../../../src/errors.js";
import { loadWritten } from "../../../src/testing/experiment.js";

const refusal = async (model: object, regularizers: object[] = []): Promise<string[]> => {
  try {
    await loadWritten({ data: { type: "tiny" }, model, regularizers });
    return [];
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    return error.problems.map(({ where, message, remedy }) => `${where}: ${message}. ${remedy}`);
  }
};
const two = (z1: object = {}, z2: object = {}) => ({ latents: { z1: { size: 2, ...z1 }, z2: { size: 3, ...z2 } } });
const ladder = two({ inferredFrom: ["x", "z2"], generatedFrom: ["z2"] });
const category = { shape: [3], posterior: "categorical", prior: "categorical", enumerate: true };

test.each([
  ["a ladder", { ...ladder, generatedFrom: ["z1"] }],
  ["a chain", { ...two({ generatedFrom: ["z2"] }, { inferredFrom: ["z1"] }), generatedFrom: ["z1"] }],
  ["independent latents", two()],
  [
    "a category beside a Gaussian",
    { latents: { y: category, z: { size: 2, inferredFrom: ["x", "y"], generatedFrom: ["y"] } } },
  ],
  [
    "a category inferred from a draw",
    { latents: { y: { ...category, inferredFrom: ["z"] }, z: { size: 2, generatedFrom: ["y"] } } },
  ],
  [
    "a label by its own name",
    { latents: { label: { observed: "label" }, z: { size: 2, inferredFrom: ["data", "label"] } } },
  ],
  ["a shape instead of a size", { latents: { z: { shape: [2, 2] } } }],
])("%s is valid", async (_, model) => expect(await refusal(model)).toEqual([]));

test.each([
  ["both forms", { latent: 3, ...two() }, '/model/latent: "latent" stands beside "latents"'],
  [
    "a posterior beside latents",
    { posterior: "deterministic", ...two() },
    '/model/posterior: "posterior" stands beside "latents"',
  ],
  ["no size", { latents: { z: {} } }, '/model/latents/z: the latent has no "size"'],
  ["size and shape", { latents: { z: { size: 2, shape: [2] } } }, 'both "size" and "shape"'],
  [
    "a name with a dot",
    { latents: { "z.1": { size: 2 } } },
    '/model/latents/z.1: "z.1" is not a valid name here. A valid name starts with a letter',
  ],
  ["a reserved name", { latents: { x: { size: 2 } } }, 'a latent cannot be named "x"'],
  [
    "an unknown source",
    two({ inferredFrom: ["x", "z3"] }),
    '/model/latents/z1/inferredFrom/1: there is no latent "z3". Did you mean',
  ],
  ["an unknown parent", two({ generatedFrom: ["z3"] }), '/model/latents/z1/generatedFrom/0: there is no latent "z3"'],
  [
    "an unknown latent of the decoder",
    { ...two(), generatedFrom: ["y"] },
    '/model/generatedFrom/0: there is no latent "y"',
  ],
  ["a circle of inference", two({ inferredFrom: ["z2"] }, { inferredFrom: ["z1"] }), "in a circle: z1 → z2 → z1"],
  ["a circle of generation", two({ generatedFrom: ["z2"] }, { generatedFrom: ["z1"] }), "in a circle: z1 → z2 → z1"],
  ["a latent of itself", two({ generatedFrom: ["z1"] }), "in a circle: z1 → z1"],
  ["a latent that generates nothing", { ...two(), generatedFrom: ["z1"] }, 'nothing is generated from the latent "z2"'],
  [
    "a prior that cannot be conditioned",
    two({ generatedFrom: ["z2"], prior: "gaussian-mixture" }),
    '/model/latents/z1/prior: the prior "gaussian-mixture" of "z1" cannot be conditioned on "z2"',
  ],
  [
    "a prior over other values",
    two({ prior: "categorical" }),
    '/model/latents/z1/prior: the prior "categorical" is over one-hot values',
  ],
  [
    "draws without a gradient",
    { latents: { y: { ...category, enumerate: false } } },
    'draws of the posterior "categorical" of "y" have no gradient, and the objective "elbo" needs one. Set "enumerate" to true: its values are then summed over. Or choose a relaxed posterior',
  ],
  [
    "bits without a gradient",
    { latents: { z: { size: 3, posterior: "bernoulli", prior: "bernoulli" } } },
    'draws of the posterior "bernoulli" of "z" have no gradient, and the objective "elbo" needs one. Choose a relaxed posterior',
  ],
  ["a sum over real values", two({ enumerate: true }), "has no finite support to sum over"],
  ["a sum over several variables", { latents: { y: { ...category, shape: [2, 3] } } }, "sums over one variable"],
  [
    "pseudo-inputs of a latent that depends on another",
    two({ inferredFrom: ["x", "z2"], prior: "vamp" }),
    'q of "z1" depends on the latent "z2"',
  ],
  [
    "a sum beyond two draws",
    { latents: { a: { size: 2 }, b: { size: 2, inferredFrom: ["a"] }, y: { ...category, inferredFrom: ["b"] } } },
    'depends on draws of "b", which depends on another latent',
  ],
])("%s is refused", async (_, model, message) => {
  const found = await refusal(model);
  expect(found.join("\n")).toContain(message);
});

test("a requirement of the model is one of each of its latents", async () => {
  expect((await refusal(two({}, { posterior: "deterministic" }))).join("\n")).toContain(
    'the objective "elbo" needs a posterior with "density", which posterior "deterministic" does not have',
  );
});

test("a regularizer that scores draws under q of other examples needs latents that are inferred from x alone", async () => {
  const regularizers = [{ type: "mmd" }, { type: "total-correlation" }];
  expect(await refusal(ladder, regularizers)).toEqual([
    '(given spec)  /regularizers/1: the regularizer "total-correlation" scores the draws of an example under q of the others, and q of "z1" depends on the latent "z2" at /model/latents/z1. Infer every latent from "x" alone, or choose the regularizer "adversarial-total-correlation".',
  ]);
  expect(await refusal(two(), regularizers)).toEqual([]);
});
