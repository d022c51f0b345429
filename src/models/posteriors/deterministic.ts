/** All mass on one dense layer of the features: the plain autoencoder. It has no rate, ELBO or likelihood. */

import { PointMass } from "../../distributions/point-mass.js";
import { VaelabError } from "../../errors.js";
import { dense } from "../../nn/index.js";
import { definePosterior } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";

export const deterministic = definePosterior({
  schema: {
    type: "object",
    title: "point mass, for a plain autoencoder",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "deterministic" } },
  },
  formula: "z = m(x), all mass on one code",
  source: "Rumelhart, Hinton & Williams 1986",
  capabilities: () => ["reparameterized"],
  create: (_, { features, latent, parameters }) => {
    const shape = features.features;
    if (!shape) throw new VaelabError("CONTRACT", { message: 'the encoder provides no "features" output' });
    const inputs = sizeOf(shape);
    const code = dense(parameters.scope("mean"), inputs, sizeOf(latent));
    return {
      at: (maps) =>
        new PointMass(tf.reshape(code(tf.reshape(maps.features!, [-1, inputs])), [-1, ...latent]), latent.length),
    };
  },
});
