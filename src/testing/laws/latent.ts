/** What laws of posteriors and priors share: the shapes of latents that they are tried on. */
import type { LatentSupport } from "../../contracts/distribution.js";
import type { Shape } from "../../tensor/fields.js";

/** Examples in a batch. */
export const BATCH = 5;
export const LATENTS: readonly Shape[] = [[3], [2, 2]];

/** Sizes of latents whose mass can be summed: one category is no choice, and a sphere in one dimension has two points. */
export const sizesOf = (support: LatentSupport): readonly number[] =>
  support === "one-hot" || support === "sphere" ? [2, 3] : [1, 2];
