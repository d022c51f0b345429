/**
 * p(k) = prod_l p(k_l | k_1, ..., k_(l-1)) over discrete codes, in the order of their axes: a masked network gives all conditional
 * probabilities in one pass. Under a posterior with codebooks the rate has no gradient in the encoder and the codebook, so the prior learns
 * the codes without changing them, beside the model or, as in the literature, in a run of its own that starts from a frozen one.
 */
import { Autoregressive } from "../distributions/autoregressive.js";
import { ACTIVATIONS, causalNetwork, SIZES } from "../nn/index.js";
import { definePrior } from "../spec/define.js";
import { sizeOf } from "../tensor/fields.js";

export const autoregressive = definePrior({
  schema: {
    type: "object",
    title: "autoregressive over codes",
    description:
      "Each code depends on those before it, in the order of the latent's axes, by a masked network; also on its parents.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "autoregressive" },
      hidden: { ...SIZES, minItems: 1, default: [256], description: "Units of each hidden layer" },
      activation: { enum: ACTIVATIONS, default: "relu", description: "Activation after every hidden layer" },
    },
  },
  formula: "ln p(k) = sum_l ln softmax(network(k_1, ..., k_(l-1)))_(k_l)",
  source: "Germain et al. 2015; over the codes of a VQ-VAE: van den Oord, Vinyals & Kavukcuoglu 2017, section 3.3",
  capabilities: () => ["density", "conditional"],
  requires: () => [
    {
      kind: "posterior",
      capability: "discrete",
      reason:
        'An autoregressive prior scores codes: use vector-quantized, or gumbel-softmax with "straightThrough", whose draws are one-hot in training too',
    },
  ],
  family: () => "autoregressive",
  support: () => "one-hot",
  create: ({ hidden, activation }, { latent, parents = {}, parameters }) => {
    const categories = latent.at(-1)!;
    const variables = sizeOf(latent) / categories;
    const network = causalNetwork(parameters, { hidden, activation, categories, variables, conditions: parents });
    return { at: ({ parents: values }) => new Autoregressive(network(values), latent) };
  },
});
