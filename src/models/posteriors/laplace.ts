/**
 * q(z | x) = prod_d Laplace(z_d; m_d(x), exp(l_d(x))), location and log-scale each one dense layer of the features. Its tails are heavier
 * than a Gaussian's.
 */
import { Laplace } from "../../distributions/laplace.js";
import { definePosterior } from "../../spec/define.js";
import { featureOutputs } from "./feature-outputs.js";

export const laplace = definePosterior({
  schema: {
    type: "object",
    title: "Laplace",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "laplace" } },
  },
  formula: "q(z | x) = prod_d exp(-|z_d - m_d(x)| / s_d(x)) / (2 s_d(x)), s = exp(l(x))",
  source: "Kingma & Welling 2014, section 2.4: a location-scale family",
  capabilities: () => ["density", "evaluable", "mean", "factorized", "reparameterized"],
  family: () => "laplace",
  create: (_, { latent, ...context }) => {
    const output = featureOutputs(context);
    const [location, logScale] = [output("location", latent), output("log-scale", latent)];
    return { at: (maps) => new Laplace(location(maps), logScale(maps), latent.length) };
  },
});
