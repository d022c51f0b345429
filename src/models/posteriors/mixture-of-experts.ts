/**
 * q(z|x) = 1/M sum_i N(z; m_i(x_i), diag exp(l_i(x_i))) over the M fields x_i that the example has: each feature map of the encoder has
 * an expert. Without any field q is N(0, I). Draws are stratified: with as many as fields, each expert gives one.
 */
import { definePosterior } from "../../spec/define.js";
import { gaussianExperts, mixtureOf } from "./gaussian-experts.js";

export const mixtureOfExperts = definePosterior({
  schema: {
    type: "object",
    title: "mixture of Gaussian experts",
    description:
      "One diagonal Gaussian for each feature map of the encoder, so for each field of a by-field encoder, in equal parts. Fields that an example lacks drop out.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "mixture-of-experts" } },
  },
  formula: "q(z | x) = 1/M sum_i N(z; m_i(x_i), diag exp(l_i(x_i))) over the M fields that are there",
  source: "Shi et al. 2019, section 3.2",
  capabilities: () => ["density", "evaluable", "mean", "reparameterized", "partial"],
  create: (_, context) => {
    const experts = gaussianExperts(context);
    return {
      at: (maps, { observed }) =>
        mixtureOf(
          experts(maps, observed).map((expert) => [expert]),
          context.latent.length,
        ),
    };
  },
});
