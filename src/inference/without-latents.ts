/** A model that infers and generates nothing: what a training program needs of a network that is trained by itself. */
import type { Model } from "../contracts/model.js";
import { VaelabError } from "../errors.js";
import { inferredFrom } from "./site.js";

export const withoutLatents = ({ fields, modeled }: Pick<Model, "fields" | "modeled">): Model => ({
  fields,
  modeled,
  latents: {},
  infer: () => inferredFrom([], 0),
  samplePrior: () => ({}),
  generate: () => {
    throw new VaelabError("INTERNAL", { message: "a model without latents generates nothing" });
  },
});
