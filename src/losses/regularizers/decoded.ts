/** Decoded means, for penalties on what a model makes of its codes. */
import type { Values } from "../../contracts/call-context.js";
import type { Distribution } from "../../contracts/distribution.js";
import type { StepContext } from "../../contracts/index.js";
import { VaelabError } from "../../errors.js";
import { siteOf } from "../../inference/site.js";
import type { FieldSchema } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { firstDraw } from "./codes.js";

/** @param name of the regularizer. @throws SPEC_COMBINATION where the likelihood has no mean */
export const meanOf = (name: string, likelihood: Distribution): Tensor => {
  if (likelihood.mean) return likelihood.mean();
  throw new VaelabError("SPEC_COMBINATION", {
    where: "/model/likelihood",
    message: `the regularizer "${name}" reads decoded means, and the likelihood has no mean`,
    remedy: "Choose a likelihood with a mean, such as gaussian or bernoulli, or take the regularizer out.",
  });
};

/** The modeled field's mean at these values [B, ...] of all latents: [B, ...field]. @param name of the call */
export const decodedMean = ({ model, batch, ...step }: StepContext, name: string, values: Values): Tensor => {
  const drawn = Object.fromEntries(Object.entries(values).map(([latent, value]) => [latent, tf.expandDims(value, 0)]));
  return tf.squeeze(meanOf(name, model.generate(drawn, step.call(name), batch.fields)), [0]);
};

/** The first draw of each example by latent, [B, ...]. */
export const drawnValues = ({ model, ...step }: StepContext): Values =>
  Object.fromEntries(
    Object.keys(model.latents).map((latent) => [latent, firstDraw(siteOf(step.inferred(), latent).value)]),
  );

/** Why a field is no image with values in [0, 1], or nothing. */
export const refusesUnlikeImages = ({ kind, support }: FieldSchema): string | undefined => {
  if (kind !== "image") return "it compares images: use image data, or take the regularizer out";
  return support === "binary" || support === "unit"
    ? undefined
    : "its constants assume values in [0, 1]: scale the images, or take the regularizer out";
};
