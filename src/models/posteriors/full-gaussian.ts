/**
 * q(z | x) = N(m(x), L(x) L(x)'), L lower triangular: mean, log-scales and the values below the diagonal are each one dense layer of
 * the features. Unlike the diagonal Gaussian, it models correlations between dimensions.
 */
import { fullGaussianOf } from "../../distributions/full-gaussian.js";
import { definePosterior } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { belowDiagonal } from "../../tensor/triangular.js";
import { featureOutputs } from "./feature-outputs.js";

export const fullGaussian = definePosterior({
  schema: {
    type: "object",
    title: "Gaussian with full covariance",
    description:
      "Unlike the diagonal Gaussian, it models correlations between dimensions, at D (D - 1) / 2 more outputs.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "full-gaussian" } },
  },
  formula: "q(z | x) = N(z; m(x), L(x) L(x)'), diagonal of L: exp(l(x))",
  source: "Kingma & Welling 2019, section 2.5.1",
  capabilities: () => ["density", "evaluable", "mean", "reparameterized"],
  family: () => "full-gaussian",
  create: (_, { latent, ...context }) => {
    const size = sizeOf(latent);
    const output = featureOutputs(context);
    const [mean, logScale] = [output("mean", [size]), output("log-scale", [size])];
    const below = size > 1 ? output("below-diagonal", [belowDiagonal(size)]) : undefined;
    return {
      at: (maps) =>
        fullGaussianOf({ mean: mean(maps), logScale: logScale(maps), ...(below && { below: below(maps) }) }, latent),
    };
  },
});
