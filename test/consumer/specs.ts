/** Compiled, never run: a right spec compiles, with the plugin's components in it, and each wrong one does not. */
import { defineExperiment, type ExperimentSpec } from "vaelab";
import type {} from "./logistic.js";

const encoder = { type: "one-layer", width: 32 } as const;
const specOf = (model: ExperimentSpec["model"]): ExperimentSpec =>
  defineExperiment({ name: "stranger", data: "digits", model });

export const right = specOf({ latent: 2, encoder, prior: { type: "logistic", scale: 2 } });
export const bare = specOf({ latent: 2, encoder: "one-layer", prior: "logistic" });

// @ts-expect-error an unknown prior
export const unknown = specOf({ latent: 2, encoder, prior: "laplase" });
// @ts-expect-error a misspelled field of the plugin's prior
export const misspelled = specOf({ latent: 2, encoder, prior: { type: "logistic", scael: 2 } });
// @ts-expect-error a field of the plugin's encoder with a wrong type
export const mistyped = specOf({ latent: 2, encoder: { type: "one-layer", width: "wide" } });
// @ts-expect-error no encoder
export const incomplete = specOf({ latent: 2 });
