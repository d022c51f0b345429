/**
 * q(z | x) = Cat(softmax(W h + b)), K values on the last axis of the latent. A draw has no gradient, so the latent is
 * summed over, "enumerate", or its draws are scored by an objective such as iwae with the estimator vimco.
 */
import { Categorical } from "../../distributions/categorical.js";
import { definePosterior } from "../../spec/define.js";
import { logNormalize } from "../../tensor/mathematics.js";
import { featureOutputs } from "./feature-outputs.js";

export const categorical = definePosterior({
  schema: {
    type: "object",
    title: "Categorical",
    description: "One-hot vectors, summed over or drawn; the last axis of the latent counts the values.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "categorical" } },
  },
  formula: "q(z = k | x) = softmax(W h(x) + b)_k",
  source: "Kingma, Rezende, Mohamed & Welling 2014, section 3.1",
  capabilities: () => ["density", "evaluable", "enumerable", "discrete", "unrelaxed"],
  family: () => "categorical",
  support: () => "one-hot",
  create: (_, { latent, ...context }) => {
    const logits = featureOutputs(context)("logits", latent);
    return { at: (maps) => new Categorical(logNormalize(logits(maps)), latent.length) };
  },
});
