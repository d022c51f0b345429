/** How far the rate of each latent is from a target of its own: sum over latents of |R_l - C_l|, of the batch's mean rates. */
import type { Schedule } from "../contracts/schedule.js";
import { VaelabError } from "../errors.js";
import { type ElboTerms, expectation } from "../inference/elbo-terms.js";
import { type Scalar, tf } from "../tensor/tensor.js";

export const capacitiesSchema = {
  type: "object",
  minProperties: 1,
  additionalProperties: { type: "object", component: "schedule", role: "target" },
  description: "Target rate of each latent in nats, by its name; the penalty is the sum of |rate - C| over the latents",
} as const;

/** Each latent by the name in `capacities`. @throws SPEC_COMBINATION where they are not the latents of the model */
export const assertCapacities = (capacities: Readonly<Record<string, Schedule>>, latents: readonly string[]): void => {
  const [given, quoted] = [Object.keys(capacities), `"${latents.join('", "')}"`];
  const unknown = given.find((name) => !latents.includes(name));
  const missing = latents.find((name) => !given.includes(name));
  if (unknown === undefined && missing === undefined) return;
  throw new VaelabError("SPEC_COMBINATION", {
    message:
      unknown === undefined
        ? `the latent "${missing}" has no capacity, so its rate would cost nothing`
        : `the model has no latent "${unknown}"; it has ${quoted}`,
    where: `/objective/capacities${unknown === undefined ? "" : `/${unknown}`}`,
    remedy: `Give a capacity to each of ${quoted}.`,
  });
};

/** Averaged over the batch, in nats. */
export const distanceFromCapacities = (
  pieces: ElboTerms,
  capacities: Readonly<Record<string, Schedule>>,
  scalar: (schedule: Schedule) => Scalar,
): Scalar =>
  Object.values(pieces.inferred.sites)
    .map(({ name, kl }): Scalar => {
      const rate = tf.mean<Scalar>(expectation(kl(), pieces));
      return tf.abs(tf.sub<Scalar>(rate, scalar(capacities[name]!)));
    })
    .reduce((total, each) => tf.add(total, each));
