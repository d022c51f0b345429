/** The convolutional nets of the bench as components: 28 x 28, 32 and 64 filters 4 x 4 of stride 2, dense 256, and back. */
import { defineDecoder, defineEncoder } from "../../src/core/define.ts";
import { glorotUniform, heNormal, zeros } from "../../src/core/initializers.ts";
import { dense } from "../../src/core/nn.ts";
import { tf } from "../../src/core/tensor.ts";

const schema = {
  type: "object",
  title: "convolutions of the bench",
  required: ["type"],
  additionalProperties: false,
  properties: { type: { const: "bench-convolutions" } },
};

const convolution = (parameters, inputs, outputs) => {
  const weights = parameters("weights", [4, 4, inputs, outputs], heNormal);
  const bias = parameters("bias", [outputs], zeros);
  return (x) => tf.relu(tf.add(tf.conv2d(x, weights.value, 2, "same"), bias.value));
};
const transposed = (parameters, side, inputs, outputs) => {
  const weights = parameters("weights", [4, 4, outputs, inputs], glorotUniform);
  const bias = parameters("bias", [outputs], zeros);
  return (x) => tf.add(tf.conv2dTranspose(x, weights.value, [x.shape[0], side, side, outputs], 2, "same"), bias.value);
};

const encoder = defineEncoder({
  schema,
  create: (_, { parameters }) => {
    const first = convolution(parameters.scope("conv-0"), 1, 32);
    const second = convolution(parameters.scope("conv-1"), 32, 64);
    const last = dense(parameters.scope("dense"), 3136, 256, heNormal);
    return {
      features: { features: [256] },
      encode: ({ image }) => {
        const maps = second(first(tf.reshape(image, [-1, 28, 28, 1])));
        return { features: tf.relu(last(tf.reshape(maps, [-1, 3136]))) };
      },
    };
  },
});

const decoder = defineDecoder({
  schema,
  create: (_, { latents, output, parameters }) => {
    const first = dense(parameters.scope("dense-0"), latents.z[0], 256, heNormal);
    const second = dense(parameters.scope("dense-1"), 256, 3136, heNormal);
    const third = transposed(parameters.scope("conv-0"), 14, 64, 32);
    const last = transposed(parameters.scope("conv-1"), 28, 32, 1);
    return {
      decode: ({ z }) => {
        const maps = tf.reshape(tf.relu(second(tf.relu(first(z)))), [-1, 7, 7, 64]);
        return tf.reshape(last(tf.relu(third(maps))), [z.shape[0], ...output]);
      },
    };
  },
});

export const convolutions = [encoder, decoder];
