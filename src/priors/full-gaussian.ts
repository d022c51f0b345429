/**
 * p(z) = N(m, L L'), L lower triangular: mean, log-scales and the values below the diagonal are learned. Conditioned, they come from a
 * network of the parents. It begins at N(0, I).
 */
import { fullGaussianOf } from "../distributions/full-gaussian.js";
import { learnedVectors } from "../nn/index.js";
import { definePrior } from "../spec/define.js";
import { sizeOf } from "../tensor/fields.js";
import { belowDiagonal } from "../tensor/triangular.js";
import { CONDITIONED } from "./conditioned.js";

export const fullGaussian = definePrior({
  schema: {
    type: "object",
    title: "learned Gaussian with full covariance",
    description: "Mean and covariance are learned. If conditioned, they come from a network of its parents.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "full-gaussian" },
      ...CONDITIONED,
    },
  },
  formula: "p(z) = N(z; m, L L'), diagonal of L: exp(l); conditioned on c: m(c), L(c)",
  source: "Kingma & Welling 2019, section 2.5.1, for a posterior",
  capabilities: () => ["density", "conditional"],
  family: () => "full-gaussian",
  create: ({ hidden, activation }, { latent, parents = {}, parameters }) => {
    const size = sizeOf(latent);
    const sizes = {
      mean: size,
      "log-scale": size,
      ...(size > 1 && { "below-diagonal": belowDiagonal(size) }),
    };
    const vectors = learnedVectors(parameters, parents, sizes, { hidden, activation });
    return {
      at: ({ parents: values, call }) => {
        const { mean, "log-scale": logScale, "below-diagonal": below } = vectors(values, call);
        return fullGaussianOf({ mean: mean!, logScale: logScale!, ...(below && { below }) }, latent);
      },
    };
  },
});
