/** Graphs of latents and outputs that a posterior and a prior are tried in. */

/** The latent that is tried: its posterior, its prior and its size. */
export type Tried = Readonly<Record<string, unknown>>;

/** Of a model: its latents, and what is generated. */
export type Structure = (tried: Tried) => object;

const OTHER = { size: 2 } as const;
/** Bounded networks, so that a heavy tail of what they see is none of what they put out. */
const NETWORK = { hidden: [4], activation: "tanh" } as const;
const GIVEN = { ...OTHER, prior: { type: "gaussian", ...NETWORK } } as const;
const SUMMED = { shape: [2], posterior: "categorical", prior: "categorical", enumerate: true } as const;

/** By name, and what each is in a paper. */
export const STRUCTURES: Readonly<Record<string, Structure>> = {
  "one latent": (z) => ({ latents: { z } }),
  "two latents": (z) => ({ latents: { z, w: OTHER } }),
  // Sønderby et al. 2016: inferred from the top down.
  "top of a ladder": (z2) => ({
    latents: { z1: { ...GIVEN, inferredFrom: ["x", "z2"], generatedFrom: ["z2"] }, z2 },
    generatedFrom: ["z1"],
  }),
  "bottom of a ladder": (z1) => ({
    latents: { z1: { ...z1, inferredFrom: ["x", "z2"], generatedFrom: ["z2"] }, z2: OTHER },
    generatedFrom: ["z1"],
  }),
  // Burda et al. 2016: inferred from the bottom up.
  "top of a chain": (z2) => ({
    latents: { z1: { ...GIVEN, generatedFrom: ["z2"] }, z2: { ...z2, inferredFrom: ["z1"] } },
    generatedFrom: ["z1"],
  }),
  "bottom of a chain": (z1) => ({
    latents: { z1: { ...z1, generatedFrom: ["z2"] }, z2: { ...OTHER, inferredFrom: ["z1"] } },
    generatedFrom: ["z1"],
  }),
  // Kingma et al. 2014, M2.
  "beside an observed label": (z) => ({
    latents: { y: { observed: "label" }, z: { ...z, inferredFrom: ["x", "y"] } },
  }),
  // A mixture: the prior of z depends on the category.
  "given a summed category": (z) => ({
    latents: { y: SUMMED, z: { ...z, inferredFrom: ["x", "y"], generatedFrom: ["y"] } },
    generatedFrom: ["z"],
  }),
  "beside a summed category": (z) => ({
    latents: { y: SUMMED, z: { ...z, inferredFrom: ["x", "y"] } },
  }),
  "with a network of its own": (z) => ({
    latents: { z: { ...z, inferredFrom: ["data"], encoder: { type: "mlp", ...NETWORK } } },
  }),
  "generating two fields": (z) => ({
    latents: { z },
    outputs: { x: {}, label: { likelihood: "categorical", decoder: { type: "mlp", ...NETWORK } } },
  }),
};
