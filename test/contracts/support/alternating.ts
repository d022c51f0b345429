/**
 * An objective of two phases that alternate: the bound with a penalty by a discriminator's logit, and every second step the
 * discriminator itself, which tells codes from draws of the prior with an optimizer of its own (after Makhzani et al. 2015).
 */

import { distortionOf, elboTerms } from "../../../src/inference/elbo-terms.js";
import { dense } from "../../../src/nn/index.js";
import { defineObjective } from "../../../src/spec/define.js";
import { sizeOf } from "../../../src/tensor/fields.js";
import { type Scalar, type Tensor, tf } from "../../../src/tensor/tensor.js";

const isDiscriminator = (name: string): boolean => name.startsWith("objective/discriminator/");

export const adversarial = defineObjective({
  schema: {
    type: "object",
    title: "distortion and a discriminator of codes",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "adversarial" },
      weight: { type: "object", component: "schedule", default: { type: "constant", value: 0.5 } },
      optimizer: { type: "object", component: "optimizer", default: { type: "sgd", momentum: 0.5 } },
    },
  },
  create: ({ weight, optimizer }, { parameters, model }) => {
    const latent = sizeOf(model.latents.z!);
    const hidden = dense(parameters.scope("discriminator/hidden"), latent, 6);
    const output = dense(parameters.scope("discriminator/output"), 6, 1);
    const logits = (codes: Tensor): Tensor => output(tf.tanh(hidden(tf.reshape(codes, [-1, latent]))));
    return {
      phases: [
        {
          name: "autoencoder",
          every: 1,
          variables: (name) => !isDiscriminator(name),
          terms: (step) => {
            const inferred = step.infer(1);
            const context = step.call("generate");
            const distortion: Scalar = tf.mean(distortionOf(elboTerms(step.model, step.batch, inferred, context)));
            // To be taken for the prior's.
            const penalty: Scalar = tf.mean(tf.softplus(tf.neg(logits(inferred.sites.z!.value))));
            return {
              loss: tf.add(distortion, tf.mul(step.scalar(weight), penalty)),
              terms: { distortion, penalty },
            };
          },
        },
        {
          name: "discriminator",
          every: 2,
          variables: isDiscriminator,
          optimizer,
          terms: (step) => {
            const codes = step.infer(1).sites.z!.value;
            const context = step.call("prior");
            const { z } = step.model.samplePrior(sizeOf(codes.shape) / latent, context);
            const loss = tf.add(tf.mean(tf.softplus(logits(codes))), tf.mean(tf.softplus(tf.neg(logits(z!)))));
            return { loss: tf.mean(loss), terms: {} };
          },
        },
      ],
    };
  },
});
