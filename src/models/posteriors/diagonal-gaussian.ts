/**
 * q(z|x) = N(m(x), diag exp(l(x))), mean and log-variance each one dense layer of the features. The log-variance is not
 * bounded; both begin near 0, so that q begins near N(0, I).
 */

import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import { definePosterior } from "../../spec/define.js";
import { featureOutputs } from "./feature-outputs.js";

export const diagonalGaussian = definePosterior({
  schema: {
    type: "object",
    title: "diagonal Gaussian",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "diagonal-gaussian" } },
  },
  formula: "q(z | x) = N(z; m(x), diag exp(l(x)))",
  source: "Kingma & Welling 2014, equation 9",
  capabilities: () => ["density", "evaluable", "mean", "factorized", "reparameterized"],
  family: () => "diagonal-gaussian",
  create: (_, { latent, ...context }) => {
    const output = featureOutputs(context);
    const [mean, logVariance] = [output("mean", latent), output("log-variance", latent)];
    return { at: (maps) => new DiagonalGaussian(mean(maps), logVariance(maps), latent.length) };
  },
});
