/**
 * q(z | x) = Cat(softmax(W h + b)), K values on the last axis of the latent. A draw has no gradient, so the latent is summed over: "enumerate".
 */
import { Categorical } from "../../distributions/categorical.js";
import { VaelabError } from "../../errors.js";
import { dense } from "../../nn/index.js";
import { definePosterior } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { logNormalize } from "../../tensor/mathematics.js";
import { tf } from "../../tensor/tensor.js";

export const categorical = definePosterior({
  schema: {
    type: "object",
    title: "Categorical, summed over",
    description: "One-hot vectors; the last axis of the latent counts the values.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "categorical" } },
  },
  formula: "q(z = k | x) = softmax(W h(x) + b)_k",
  source: "Kingma, Rezende, Mohamed & Welling 2014, section 3.1",
  capabilities: () => ["density", "evaluable", "enumerable", "discrete"],
  family: () => "categorical",
  support: () => "one-hot",
  create: (_, { features, latent, parameters }) => {
    const shape = features.features;
    if (!shape) throw new VaelabError("CONTRACT", { message: 'the encoder provides no "features" output' });
    const inputs = sizeOf(shape);
    const logits = dense(parameters.scope("logits"), inputs, sizeOf(latent));
    return {
      at: (maps) => {
        const flat = logits(tf.reshape(maps.features!, [-1, inputs]));
        return new Categorical(logNormalize(tf.reshape(flat, [-1, ...latent])), latent.length);
      },
    };
  },
});
