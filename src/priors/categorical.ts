/**
 * p(z = k): uniform, the frequencies of the known labels of training (one more of each counted), or learned. Conditioned on parents,
 * a network gives the log-probabilities.
 */
import { Categorical } from "../distributions/categorical.js";
import { VaelabError } from "../errors.js";
import { learnedTensor } from "../nn/index.js";
import { definePrior } from "../spec/define.js";
import { zeros } from "../tensor/initializers.js";
import { logNormalize } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { CONDITIONED } from "./conditioned.js";

export const categorical = definePrior({
  schema: {
    type: "object",
    title: "Categorical",
    description:
      "One-hot vectors; the last axis of the latent counts the values. If conditioned, a network of its parents.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "categorical" },
      probabilities: {
        enum: ["uniform", "empirical", "learned"],
        default: "uniform",
        description:
          "1 / K; the frequencies of the known labels of training, one more of each counted; or trained with the model",
      },
      ...CONDITIONED,
    },
  },
  formula: "p(z = k) = softmax(a)_k; conditioned on c: softmax(network(c))_k",
  source: "Kingma, Rezende, Mohamed & Welling 2014, equation 2",
  capabilities: ({ probabilities }) => [
    "density",
    "conditional",
    ...(probabilities !== "learned" ? (["fixed"] as const) : []),
  ],
  family: () => "categorical",
  support: () => "one-hot",
  create: ({ probabilities, hidden, activation }, { latent, parents = {}, parameters, labels }) => {
    const distribution = (logits: Tensor): Categorical => new Categorical(logNormalize(logits), latent.length);
    if (Object.keys(parents).length > 0) {
      const logits = learnedTensor(parameters, parents, "logits", latent, { hidden, activation });
      return { at: ({ parents: values, call }) => distribution(logits(values, call)) };
    }
    if (probabilities === "learned") {
      const logits = parameters("logits", latent, zeros);
      return { at: () => distribution(logits.value) };
    }
    const counts = probabilities === "empirical" ? labels?.().counts : undefined;
    if (probabilities === "empirical" && !counts)
      throw new VaelabError("SPEC_COMBINATION", {
        message: 'the latent stands for no label, so there are no frequencies for "probabilities": "empirical"',
        remedy: 'Name the label in "observed", or set "probabilities" to "uniform" or "learned".',
      });
    const values = counts?.map((count) => Math.log(count + 1));
    return { at: () => distribution(tf.broadcastTo(tf.tensor1d(values ?? [0]), [...latent])) };
  },
});
