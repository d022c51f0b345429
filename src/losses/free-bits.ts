/**
 * Free bits: a rate below the floor costs as much as the floor, so a model gains nothing by reducing it further. A group of
 * latent dimensions g with KL R_g(x) contributes, in nats per example,
 *
 *     over the batch      max(nats, E_x R_g(x))       (Kingma et al. 2016, equation 15)
 *     over each example   E_x max(nats, R_g(x))
 *
 * and the contributions are summed. A group is one dimension or a whole latent. The gradient is zero below the floor.
 */
import type { Site } from "../contracts/inferred.js";
import { VaelabError } from "../errors.js";
import { type ElboTerms, expectation } from "../inference/elbo-terms.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";

export const freeBitsSchema = {
  type: "object",
  required: ["nats"],
  additionalProperties: false,
  description: "Floor of the rate; reducing the rate below it gains nothing",
  properties: {
    nats: {
      type: "number",
      exclusiveMinimum: 0,
      description: "Floor of each group's KL in nats (lambda in the paper)",
    },
    per: {
      enum: ["dimension", "latent"],
      default: "dimension",
      description: "Groups with a floor of their own: each dimension, or the whole latent",
    },
    over: {
      enum: ["batch", "example"],
      default: "batch",
      description: "batch: floor the mean KL of a batch; example: floor the KL of each example",
    },
  },
} as const;

export interface FreeBits {
  nats: number;
  per: "dimension" | "latent";
  over: "batch" | "example";
}

/** KL by example and group, [B, groups]. */
const groupsOf = ({ name, q, kl, klElements, enumerated }: Site, elbo: ElboTerms, { per }: FreeBits): Tensor => {
  // An enumerated latent has values, not dimensions.
  if (per === "latent" || enumerated) return tf.expandDims(expectation(kl(), elbo), 1);
  if (!klElements)
    throw new VaelabError("CONTRACT", {
      message: `free bits per dimension need a KL per dimension, which the latent "${name}" does not provide`,
      remedy: 'Set freeBits.per to "latent".',
    });
  const elements = expectation(klElements(), elbo, q.eventShape.length);
  return tf.reshape(elements, [elements.shape[0]!, -1]);
};

/** The floored rate, averaged over the batch. */
export const flooredRate = (elbo: ElboTerms, freeBits: FreeBits): Scalar => {
  const { nats, over } = freeBits;
  const floored = Object.values(elbo.inferred.sites).map((site): Scalar => {
    const groups = groupsOf(site, elbo, freeBits);
    if (over === "batch") return tf.sum(tf.maximum(tf.mean(groups, 0), nats));
    return tf.mean(tf.sum(tf.maximum(groups, nats), 1));
  });
  return floored.reduce((total, each) => tf.add(total, each));
};
