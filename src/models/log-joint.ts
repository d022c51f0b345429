/**
 * ln p(x, z) as a function of one latent, for posteriors that follow its gradient (Hamiltonian dynamics, refined posteriors): the
 * likelihood, the prior of the latent, and the priors that depend on it. What does not depend on it is left out.
 */
import type { Values } from "../contracts/call-context.js";
import type { InferContext } from "../contracts/inferred.js";
import { forkCall } from "../inference/call.js";
import { logLikelihoodOf } from "../inference/elbo-terms.js";
import type { Batch } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { generate } from "./generation.js";
import { conditionsOf, type JoinedParts, priorAt } from "./joined-parts.js";
import type { Latent } from "./latents.js";

export interface LogJointOptions {
  batch: Batch;
  context: InferContext;
  /** Values of all other latents, [rows, B, ...]; read when ln p(x, z) is, with the rows that z has. */
  others(): Values;
  /** The codes of those whose values stand for codes, [rows, B, variables, categories]. */
  codes(): Values;
}

/**
 * The parts are called as outside training: dropout is off, and statistics stay.
 * @returns a function [N, ...latent] → [N], the examples innermost in N
 */
export const logJointOf = (
  parts: JoinedParts,
  latent: Latent,
  { batch, context, others, codes }: LogJointOptions,
): ((z: Tensor) => Tensor) => {
  const { store, latents, outputs } = parts;
  const count = batch.index.shape[0]!;
  const dependent = latents.filter(
    ({ name, generatedFrom: from }) => name === latent.name || from.includes(latent.name),
  );
  let evaluations = 0;
  return (z) =>
    store.withoutAssignments(() => {
      const leading = [z.shape[0]! / count, count];
      const call = forkCall(context, `joint ${latent.name} ${evaluations++}`, { training: false, loss: () => {} });
      const values = { ...others(), [latent.name]: tf.reshape(z, [...leading, ...latent.shape]) };
      const scored = { ...values, ...codes() };
      const logPriors = dependent.map((each) => {
        const parents = conditionsOf(parts, each, { values, conditions: batch.fields, leading });
        return tf.broadcastTo(priorAt(parts, each, parents, call).logProb(scored[each.name]!), leading);
      });
      const logLikelihoods = outputs
        .filter(({ generatedFrom }) => generatedFrom.includes(latent.name))
        .map(({ field, generatedFrom }) => {
          const seen = Object.fromEntries(generatedFrom.map((name) => [name, values[name]!]));
          return logLikelihoodOf(generate(parts, seen, call, batch.fields, field), batch, field);
        });
      return tf.reshape(tf.addN([...logLikelihoods, ...logPriors]), [z.shape[0]!]);
    });
};
