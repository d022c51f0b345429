/** Compiled, never run: a right spec compiles, with the plugin's components in it, and each wrong one does not. */
import { defineExperiment } from "vaelab";
import type {} from "./laplace.js";

const data = { type: "digits" } as const;
const encoder = { type: "one-layer", width: 32 } as const;

export const right = defineExperiment({ name: "right", data, model: { latent: 2, encoder, prior: { type: "laplace", scale: 2 } } });
export const bare = defineExperiment({ name: "bare", data, model: { latent: 2, encoder: "one-layer", prior: "laplace" } });

// @ts-expect-error an unknown prior
export const unknown = defineExperiment({ name: "wrong", data, model: { latent: 2, encoder, prior: "laplase" } });
// @ts-expect-error a misspelt field of the plugin's prior
export const misspelt = defineExperiment({ name: "wrong", data, model: { latent: 2, encoder, prior: { type: "laplace", scael: 2 } } });
// @ts-expect-error a field of the plugin's encoder with a wrong type
export const mistyped = defineExperiment({ name: "wrong", data, model: { latent: 2, encoder: { type: "one-layer", width: "wide" } } });
// @ts-expect-error no latent
export const incomplete = defineExperiment({ name: "wrong", data, model: { encoder } });
