/** All mass on one dense layer of the features: the plain autoencoder. It has no rate, ELBO or likelihood. */

import { PointMass } from "../../distributions/point-mass.js";
import { definePosterior } from "../../spec/define.js";
import { featureOutputs } from "./feature-outputs.js";

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
  capabilities: () => ["mean", "reparameterized"],
  create: (_, { latent, ...context }) => {
    const code = featureOutputs(context)("mean", latent);
    return { at: (maps) => new PointMass(code(maps), latent.length) };
  },
});
