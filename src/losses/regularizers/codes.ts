/** What regularizers read of a step: the codes of a batch, one draw an example, all latents side by side. */
import type { Model, StepContext } from "../../contracts/index.js";
import type { Requirement } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import { siteOf } from "../../inference/site.js";
import { type Tensor, tf } from "../../tensor/tensor.js";

/** What a penalty on draws needs. */
export const MOVES_DRAWS: Requirement = {
  kind: "posterior",
  capability: "reparameterized",
  reason: "The penalty moves the codes, so a draw needs a gradient: choose diagonal-gaussian or deterministic",
};

/** [B, D] from [B, ...shape] by latent. */
export const sideBySide = (latents: Model["latents"], tensorOf: (latent: string) => Tensor): Tensor =>
  tf.concat(
    Object.keys(latents).map((latent) => {
      const value = tensorOf(latent);
      return tf.reshape(value, [value.shape[0]!, -1]);
    }),
    1,
  );

/** [S, ...] → [...]: what stands first on the sample axis. */
export const firstDraw = (x: Tensor): Tensor => tf.reshape(tf.slice(x, 0, 1), x.shape.slice(1));

/** The first draw of each example, [B, D]. */
export const codesOf = ({ model, ...step }: Pick<StepContext, "model" | "inferred">): Tensor => {
  const inferred = step.inferred();
  return sideBySide(model.latents, (latent) => firstDraw(siteOf(inferred, latent).value));
};

/** As many draws from the prior, under the conditions of these examples: [B, D]. @param name of their noise */
export const priorDraws = ({ model, batch, ...step }: StepContext, name: string): Tensor => {
  const labels = Object.values(model.observed ?? {});
  const given = Object.keys(model.conditions ?? {}).filter((field) => !labels.includes(field));
  const conditions = Object.fromEntries(given.map((field) => [field, batch.fields[field]!]));
  const draws = model.samplePrior(batch.index.shape[0]!, step.call(name), conditions);
  return sideBySide(model.latents, (latent) => draws[latent]!);
};

/**
 * Whether a batch has examples to compare with each other; a last block of validation may have one.
 * @throws CONTRACT at a batch of one example in training
 */
export const hasPairs = (name: string, { batch, training }: Pick<StepContext, "batch" | "training">): boolean => {
  if (batch.index.shape[0]! > 1) return true;
  if (!training) return false;
  throw new VaelabError("CONTRACT", {
    where: "/training/batchSize",
    message: `the regularizer "${name}" compares the codes of a batch with each other, and this batch has one example`,
    remedy: "Set it to 2 or more.",
  });
};
