/**
 * q(z|x) = N(m(x), diag exp(l(x))), mean and log-variance each one dense layer of the features. The log-variance is not
 * bounded; both begin near 0, so that q begins near N(0, I).
 */

import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import { VaelabError } from "../../errors.js";
import { dense } from "../../nn/index.js";
import { definePosterior } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";

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
  capabilities: () => ["density", "evaluable", "factorized", "reparameterized"],
  family: () => "diagonal-gaussian",
  create: (_, { features, latent, parameters }) => {
    const shape = features.features;
    if (!shape) throw new VaelabError("CONTRACT", { message: 'the encoder provides no "features" output' });
    const inputs = sizeOf(shape);
    const mean = dense(parameters.scope("mean"), inputs, sizeOf(latent));
    const logVariance = dense(parameters.scope("log-variance"), inputs, sizeOf(latent));
    return {
      at: (maps) => {
        const flat = tf.reshape(maps.features!, [-1, inputs]);
        return new DiagonalGaussian(
          tf.reshape(mean(flat), [-1, ...latent]),
          tf.reshape(logVariance(flat), [-1, ...latent]),
          latent.length,
        );
      },
    };
  },
});
