/**
 * Codes drawn from the aggregate posterior: of one of K training examples, the anchors, and of q given that example,
 *
 *     r(z) = 1/K sum_k q(z | x_k)
 *
 * A VampPrior is such a mixture around learned pseudo-inputs. With few anchors, draws repeat them; with all training examples, r is
 * q(z) of the training split itself. Each density passes over all anchors.
 */

import { permutation } from "../numerics/streams.js";
import { defineSampler } from "../spec/define.js";

export const aggregatePosterior = defineSampler({
  schema: {
    type: "object",
    title: "aggregate posterior of training examples",
    description:
      "Draws a training example, then a code of its posterior. Its samples are scored as a set of their own, per class if the model is conditioned on a label.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "aggregate-posterior" },
      anchors: {
        type: "integer",
        minimum: 1,
        default: 500,
        description: "Training examples that are drawn from, chosen by the seed; all of them where there are fewer",
      },
    },
  },
  formula: "r(z) = 1/K sum_k q(z | x_k)",
  source: "Makhzani et al. 2016, section 1; Tomczak & Welling 2018, eq. 9",
  support: () => ["real", "positive", "sphere", "ball"],
  capabilities: () => ["density"],
  requires: () => [
    {
      kind: "posterior",
      capability: "evaluable",
      reason: "The density is a mixture of posteriors, scored at any value: choose diagonal-gaussian",
    },
  ],
  create: ({ anchors }) => ({
    learn: ({ n }, uniform, { posterior }) => {
      const chosen = permutation(n, uniform).slice(0, anchors);
      return {
        sample: (count, stream) =>
          posterior.draw(
            Int32Array.from({ length: count }, () => chosen[Math.floor(stream() * chosen.length)]!),
            stream,
          ),
        logProb: (codes) => posterior.logMixture(codes, chosen),
        note: `posteriors of ${chosen.length} of ${n} training examples`,
      };
    },
  }),
});
