/**
 * q(z|x) is proportional to N(z; 0, I) prod_i N(z; m_i(x_i), diag exp(l_i(x_i))) over the fields x_i that the example has: each feature
 * map of the encoder has an expert, the prior is one more. Without any field q is N(0, I).
 */
import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import { definePosterior } from "../../spec/define.js";
import { gaussianExperts, productOf } from "./gaussian-experts.js";

export const productOfExperts = definePosterior({
  schema: {
    type: "object",
    title: "product of Gaussian experts",
    description:
      "One diagonal Gaussian for each feature map of the encoder, so for each field of a by-field encoder, times N(0, I). Fields that an example lacks drop out.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "product-of-experts" } },
  },
  formula:
    "q(z | x) = N(z; m, diag 1/t), t = 1 + sum_i t_i, m = sum_i t_i m_i(x_i) / t, t_i = exp(-l_i(x_i)) over the fields that are there",
  source: "Wu & Goodman 2018, equation 3; Cao & Fleet 2014",
  capabilities: () => ["density", "evaluable", "mean", "factorized", "reparameterized", "partial"],
  family: () => "diagonal-gaussian",
  create: (_, context) => {
    const experts = gaussianExperts(context);
    return {
      at: (maps, { observed }) => {
        const { mean, logVariance } = productOf(experts(maps, observed), { prior: true });
        return new DiagonalGaussian(mean, logVariance, context.latent.length);
      },
    };
  },
});
