/** What every bound logs of the rate and of the distortion, averaged over the batch, in nats per example. */
import type { Terms } from "../contracts/objective.js";
import { distortionByOutput, distortionOf, type ElboTerms, expectation, rateOf } from "../inference/elbo-terms.js";
import { mapValues } from "../numerics/records.js";
import { type Scalar, tf } from "../tensor/tensor.js";

/** Mean KL of each dimension, by latent; none of latents whose KL does not come apart by dimension. */
export const klByLatent = (pieces: ElboTerms): NonNullable<Terms["byLatent"]> =>
  Object.fromEntries(
    Object.values(pieces.inferred.sites).flatMap(({ name, q, klElements }) => {
      if (!klElements) return [];
      const kl = tf.mean(expectation(klElements(), pieces, q.eventShape.length), 0);
      return [[name, { kl: kl.rank === 1 ? kl : tf.reshape(kl, [-1]) }]];
    }),
  );

/** Mean distortion of each output; none where there is one. */
export const distortionByField = (pieces: ElboTerms): NonNullable<Terms["byField"]> =>
  mapValues(distortionByOutput(pieces), (distortion) => ({ distortion: tf.mean<Scalar>(distortion) }));

/** The distortion and the rate of the ELBO beside another bound, with the distortion of each output and the KL of each latent. */
export const loggedElbo = (pieces: ElboTerms): Omit<Terms, "loss"> => ({
  terms: { distortion: tf.mean(distortionOf(pieces)), rate: tf.mean(rateOf(pieces)) },
  byLatent: klByLatent(pieces),
  byField: distortionByField(pieces),
});
