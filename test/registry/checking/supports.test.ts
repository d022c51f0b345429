/** Parts of a latent that give and take values of other kinds are refused, where they stand and with what would fit. */
import { expect, test } from "vitest";
import { VaelabError } from "../../../src/errors.js";
import { loadWritten, type Written } from "../../../src/testing/experiment.js";

const refusal = async (written: Written): Promise<string[]> => {
  try {
    await loadWritten({ data: { type: "tiny" }, ...written });
    return [];
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    return error.problems.map(({ where, message, remedy }) => `${where}: ${message}. ${remedy}`);
  }
};
const sphere = { posterior: "von-mises-fisher", prior: "hypersphere-uniform" };
const ball = { posterior: "wrapped-normal", prior: "wrapped-normal" };
const positive = { posterior: "gamma", prior: "gamma" };
const sampled = { evaluation: { samplers: ["gaussian-mixture"] } };
const category = { shape: [3], posterior: "categorical", prior: "categorical", enumerate: true };

test.each<[string, Written]>([
  ["a sphere", { model: sphere }],
  ["the other posterior on a sphere", { model: { ...sphere, posterior: "power-spherical" } }],
  ["a product of spheres", { model: { latents: { z: { shape: [4, 3], ...sphere } } } }],
  [
    "a mixture of posteriors on a sphere as its prior",
    { model: { ...sphere, prior: { type: "vamp", components: 5 } } },
  ],
  ["a sphere beside real values", { model: { latents: { s: { size: 3, ...sphere }, z: { size: 2 } } } }],
  [
    "a Gaussian that depends on a sphere",
    { model: { latents: { s: { size: 3, ...sphere }, z: { size: 2, generatedFrom: ["s"] } } } },
  ],
  ["a ball", { model: ball }],
  [
    "a ball that depends on another",
    { model: { latents: { a: { size: 2, ...ball, generatedFrom: ["b"] }, b: { size: 2, ...ball } } } },
  ],
  ["positive numbers", { model: positive }],
  [
    "positive numbers under a mixture of posteriors",
    { model: { ...positive, prior: { type: "vamp", components: 5 } } },
  ],
  [
    "positive numbers beside real values",
    { model: { latents: { s: { size: 3, ...positive }, z: { size: 2, generatedFrom: ["s"] } } } },
  ],
  ["a sampler of real codes", sampled],
  [
    "a sampler beside a label, of which it draws none",
    { ...sampled, model: { latents: { y: { observed: "label" }, z: { size: 2, inferredFrom: ["data", "y"] } } } },
  ],
])("%s is valid", async (_, written) => expect(await refusal(written)).toEqual([]));

test.each<[string, Written, string]>([
  [
    "a Gaussian prior on a sphere",
    { model: { ...sphere, prior: "gaussian" } },
    '/model/prior: the prior "gaussian" is over real values, and the posterior "von-mises-fisher" gives unit vectors. Choose a prior over unit vectors.',
  ],
  [
    "a Gaussian prior over positive numbers",
    { model: { ...positive, prior: "gaussian" } },
    '/model/prior: the prior "gaussian" is over real values, and the posterior "gamma" gives positive ones. Choose a prior over positive values.',
  ],
  [
    "a flow that moves positive numbers",
    { model: { posterior: { type: "flow", base: "gamma" } } },
    'the posterior "flow" takes real values, and the posterior "gamma" gives positive ones',
  ],
  [
    "a sampler of real codes beside positive numbers",
    { ...sampled, model: positive },
    'the sampler "gaussian-mixture" draws real values, and the posterior "gamma" of "z" gives positive ones',
  ],
  [
    "a mixture of Gaussians on a sphere",
    { model: { ...sphere, prior: "gaussian-mixture" } },
    'the prior "gaussian-mixture" is over real values',
  ],
  [
    "a Gaussian posterior under the uniform prior",
    { model: { prior: "hypersphere-uniform" } },
    '/model/prior: the prior "hypersphere-uniform" is over unit vectors, and the posterior "diagonal-gaussian" gives real ones. Choose a prior over real values.',
  ],
  [
    "a flow over a sphere",
    { model: { posterior: { type: "flow", base: "von-mises-fisher" } } },
    '/model/posterior/base: the posterior "flow" takes real values, and the posterior "von-mises-fisher" gives unit vectors. Choose a posterior over real values for this slot.',
  ],
  [
    "Gaussians fitted to codes on a sphere",
    { model: sphere, ...sampled },
    '/evaluation/samplers/0: the sampler "gaussian-mixture" draws real values, and the posterior "von-mises-fisher" of "z" gives unit vectors. Take it out',
  ],
  [
    "Gaussians fitted to categories",
    { model: { latents: { y: category, z: { size: 2, inferredFrom: ["x", "y"] } } }, ...sampled },
    'the posterior "categorical" of "y" gives one-hot ones',
  ],
  [
    "a VampPrior of categories",
    { model: { latents: { y: { ...category, prior: "vamp" }, z: { size: 2 } } } },
    'the prior "vamp" is over real values or positive values or unit vectors or points of the unit ball',
  ],
  [
    "a sphere of one dimension",
    { model: { latent: 1, ...sphere } },
    'cannot have the latent "z" of the shape [1]: a sphere needs at least 2 dimensions',
  ],
  [
    "a uniform prior on a sphere for points of a ball",
    { model: { ...ball, prior: "hypersphere-uniform" } },
    'the prior "hypersphere-uniform" is over unit vectors, and the posterior "wrapped-normal" gives points of the unit ball',
  ],
  [
    "a flow over a ball",
    { model: { posterior: { type: "flow", base: "wrapped-normal" } } },
    'the posterior "flow" takes real values, and the posterior "wrapped-normal" gives points of the unit ball',
  ],
  [
    "a scale beyond what single precision holds",
    { model: { latent: 30, ...ball } },
    '/model/prior: the prior "wrapped-normal" cannot have the latent "z" of the shape [30]: in 30 dimensions the scale is below 0.91',
  ],
  [
    "a uniform prior that depends on another latent",
    { model: { latents: { s: { size: 3, ...sphere, generatedFrom: ["z"] }, z: { size: 2 } } } },
    'the prior "hypersphere-uniform" of "s" cannot be conditioned on "z"',
  ],
  [
    "free bits by dimension on a sphere",
    { model: sphere, objective: { type: "elbo", freeBits: { nats: 0.1, per: "dimension" } } },
    'needs a posterior with "factorized", which posterior "von-mises-fisher" does not have',
  ],
])("%s is refused", async (_, written, message) => {
  expect((await refusal(written)).join("\n")).toContain(message);
});
