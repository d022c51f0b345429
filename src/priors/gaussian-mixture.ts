/**
 * p(z) = sum_k w_k N(z; m_k, diag exp(l_k)), all learned with the model. Initially, components have equal weights, unit
 * scales and scattered means, so that they do not all learn the same.
 */

import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { Mixture } from "../distributions/mixture.js";
import { definePrior } from "../spec/define.js";
import { normalWith, zeros } from "../tensor/initializers.js";

export const gaussianMixture = definePrior({
  schema: {
    type: "object",
    title: "learned mixture of Gaussians",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gaussian-mixture" },
      components: { type: "integer", minimum: 1, default: 10, description: "Components of the mixture" },
      spread: {
        type: "number",
        minimum: 0,
        default: 1,
        description: "Standard deviation of the initial means, in every dimension",
      },
    },
  },
  formula: "p(z) = sum_k w_k N(z; m_k, diag exp(l_k))",
  source: "Dilokthanakul et al. 2016; as a baseline: Tomczak & Welling 2018, section 3",
  capabilities: () => ["density"],
  create: ({ components, spread }, { latent, parameters }) => {
    const means = parameters("means", [components, ...latent], normalWith(0, spread));
    const logVariances = parameters("log-variances", [components, ...latent], zeros);
    const logits = parameters("logits", [components], zeros);
    return {
      at: () => new Mixture(logits.value, new DiagonalGaussian(means.value, logVariances.value, latent.length)),
    };
  },
});
