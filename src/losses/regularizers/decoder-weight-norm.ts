/**
 * The squared norm of the decoder's weights: its trained parameters with two or more axes. Unlike the weight decay of an optimizer it
 * is a part of the loss, so its strength does not depend on the learning rate, and it is of the decoder alone.
 */
import { VaelabError } from "../../errors.js";
import { decodes } from "../../inference/variables-of.js";
import { defineRegularizer } from "../../spec/define.js";
import { type Scalar, tf } from "../../tensor/tensor.js";
import { WEIGHT } from "./weight.js";

export const decoderWeightNorm = defineRegularizer({
  schema: {
    type: "object",
    title: "squared norm of the decoder's weights",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "decoder-weight-norm" }, weight: WEIGHT },
  },
  formula: "sum of w^2 over the weight matrices and kernels of the decoder",
  source: "Ghosh et al. 2020, section 3.1 (RAE-L2)",
  create: ({ weight }, { modelParameters }) => ({
    weight,
    penalty: () => {
      const weights = modelParameters().filter(
        ({ name, shape, trainable }) => trainable && shape.length >= 2 && decodes(name),
      );
      if (weights.length === 0)
        throw new VaelabError("SPEC_COMBINATION", {
          where: "/model/decoder",
          message: 'the regularizer "decoder-weight-norm" has no weights to shrink: the decoder has none',
          remedy: "Take the regularizer out.",
        });
      return tf.addN(weights.map(({ value }): Scalar => tf.sum(tf.square(value)))) as Scalar;
    },
  }),
});
