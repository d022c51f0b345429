/**
 * q(z | x) = prod_d Bernoulli(sigmoid(W h + b)_d). Draws are zeros and ones, in training too, and have no gradient: they are scored by an
 * objective such as wake-sleep, or iwae with the estimator vimco. `bernoulli-concrete` is its relaxation.
 */
import { Bernoulli } from "../../distributions/bernoulli.js";
import { definePosterior } from "../../spec/define.js";
import { featureOutputs } from "./feature-outputs.js";

export const bernoulli = definePosterior({
  schema: {
    type: "object",
    title: "Bernoulli",
    description: "Zeros and ones, drawn in training too, for objectives that score draws.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "bernoulli" } },
  },
  formula: "q(z_d = 1 | x) = sigmoid(W h(x) + b)_d",
  source: "Hinton, Dayan, Frey & Neal 1995; Mnih & Gregor 2014, section 2.1",
  capabilities: () => ["density", "evaluable", "factorized", "discrete", "unrelaxed"],
  family: () => "bernoulli",
  support: () => "binary",
  create: (_, { latent, ...context }) => {
    const logits = featureOutputs(context)("logits", latent);
    return { at: (maps) => new Bernoulli(logits(maps), latent.length) };
  },
});
