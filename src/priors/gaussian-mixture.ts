/**
 * p(z) = sum_k w_k N(z; m_k, S_k), all learned with the model. S_k is diagonal, diag exp(l_k), or full: L_k L_k', L_k lower triangular with
 * the diagonal exp(s_k). Initially, components have equal weights, unit scales and scattered means, so that they do not all learn the same.
 */

import type { Distribution } from "../contracts/distribution.js";
import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { fullGaussianOf } from "../distributions/full-gaussian.js";
import { Mixture } from "../distributions/mixture.js";
import { definePrior } from "../spec/define.js";
import { type Shape, sizeOf } from "../tensor/fields.js";
import { normalWith, zeros } from "../tensor/initializers.js";
import type { Parameter, ParameterScope } from "../tensor/parameters.js";
import { tf } from "../tensor/tensor.js";
import { belowDiagonal } from "../tensor/triangular.js";

/** Declares the scales of K components; gives the components, batchShape [K], of means [K, ...latent]. */
const diagonal = (parameters: ParameterScope, components: number, latent: Shape) => {
  const logVariances = parameters("log-variances", [components, ...latent], zeros);
  return ({ value }: Parameter): Distribution => new DiagonalGaussian(value, logVariances.value, latent.length);
};

const full = (parameters: ParameterScope, components: number, latent: Shape) => {
  const size = sizeOf(latent);
  const logScales = parameters("log-scales", [components, size], zeros);
  const below = size > 1 ? parameters("below-diagonal", [components, belowDiagonal(size)], zeros) : undefined;
  return ({ value }: Parameter): Distribution => {
    const mean = tf.reshape(value, [components, size]);
    return fullGaussianOf({ mean, logScale: logScales.value, ...(below && { below: below.value }) }, latent);
  };
};

export const gaussianMixture = definePrior({
  schema: {
    type: "object",
    title: "learned mixture of Gaussians",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gaussian-mixture" },
      components: { type: "integer", minimum: 1, default: 10, description: "Components of the mixture" },
      covariance: {
        enum: ["diagonal", "full"],
        default: "diagonal",
        description: "Covariance of a component: independent dimensions, or correlated ones by a triangular factor",
      },
      spread: {
        type: "number",
        minimum: 0,
        default: 1,
        description: "Standard deviation of the initial means, in every dimension",
      },
    },
  },
  formula: "p(z) = sum_k w_k N(z; m_k, S_k), S_k = diag exp(l_k) or L_k L_k', diagonal of L_k: exp(s_k)",
  source: "Dilokthanakul et al. 2016; as a baseline: Tomczak & Welling 2018, section 3",
  capabilities: () => ["density"],
  create: ({ components, covariance, spread }, { latent, parameters }) => {
    const means = parameters("means", [components, ...latent], normalWith(0, spread));
    const componentsAt = (covariance === "full" ? full : diagonal)(parameters, components, latent);
    const logits = parameters("logits", [components], zeros);
    return { at: () => new Mixture(logits.value, componentsAt(means)) };
  },
});
