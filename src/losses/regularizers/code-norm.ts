/**
 * Half the squared norm of the codes, E_q |z|^2 / 2 averaged over the batch: it keeps the codes of an autoencoder bounded, as a
 * regularized autoencoder (RAE) needs. In the terms of a Gaussian prior it is -ln p(z) without its constant.
 */
import { siteOf } from "../../inference/site.js";
import { defineRegularizer } from "../../spec/define.js";
import { type Scalar, tf } from "../../tensor/tensor.js";
import { MOVES_DRAWS } from "./codes.js";
import { WEIGHT } from "./weight.js";

export const codeNorm = defineRegularizer({
  schema: {
    type: "object",
    title: "half the squared norm of the codes",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "code-norm" }, weight: WEIGHT },
  },
  formula: "E_x E_q(z | x) |z|^2 / 2",
  source: "Ghosh et al. 2020, eq. 4",
  requires: () => [MOVES_DRAWS],
  create: ({ weight }) => ({
    weight,
    penalty: (step) => {
      const squares = Object.keys(step.model.latents).map((latent): Scalar => {
        const { value } = siteOf(step.inferred(), latent);
        const [samples, batch] = value.shape as [number, number];
        return tf.div(tf.sum(tf.square(value)), samples * batch);
      });
      return tf.mul<Scalar>(0.5, tf.addN(squares));
    },
  }),
});
