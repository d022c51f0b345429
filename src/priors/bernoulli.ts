/** p(z) = prod_d Bernoulli(p_d): fair, or learned. Conditioned on parents, a network gives the logits. */
import { Bernoulli } from "../distributions/bernoulli.js";
import { learnedTensor } from "../nn/index.js";
import { definePrior } from "../spec/define.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { CONDITIONED } from "./conditioned.js";

export const bernoulli = definePrior({
  schema: {
    type: "object",
    title: "Bernoulli",
    description: "Zeros and ones. If conditioned, a network of its parents.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "bernoulli" },
      probabilities: {
        enum: ["uniform", "learned"],
        default: "uniform",
        description: "1/2 in every dimension, or trained with the model",
      },
      ...CONDITIONED,
    },
  },
  formula: "p(z_d = 1) = sigmoid(a_d); conditioned on c: sigmoid(network(c)_d)",
  source: "Mnih & Gregor 2014; Maddison, Mnih & Teh 2017",
  capabilities: ({ probabilities }) => [
    "density",
    "factorized",
    "conditional",
    ...(probabilities === "uniform" ? (["fixed"] as const) : []),
  ],
  family: () => "bernoulli",
  support: () => "binary",
  create: ({ probabilities, hidden, activation }, { latent, parents = {}, parameters }) => {
    const distribution = (logits: Tensor): Bernoulli => new Bernoulli(logits, latent.length);
    if (Object.keys(parents).length === 0 && probabilities === "uniform")
      return { at: () => distribution(tf.zeros([...latent])) };
    const logits = learnedTensor(parameters, parents, "logits", latent, { hidden, activation });
    return { at: ({ parents: values, call }) => distribution(logits(values, call)) };
  },
});
