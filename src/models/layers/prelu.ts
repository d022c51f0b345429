/** max(0, x) + a min(0, x), with a learned slope a for each index of the last axis. */

import { channelsOf } from "../../nn/index.js";
import { defineLayer } from "../../spec/define.js";
import { constant } from "../../tensor/initializers.js";
import { tf } from "../../tensor/tensor.js";

export const prelu = defineLayer({
  schema: {
    type: "object",
    title: "parametric ReLU",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "prelu" },
      slope: { type: "number", default: 0.25, description: "Initial slope below zero" },
    },
  },
  source: "He et al. 2015, equation 1",
  shape: (_, input) => {
    channelsOf(input);
    return input;
  },
  create: ({ slope }, { input, parameters }) => {
    const slopes = parameters("slopes", [channelsOf(input)], constant(slope));
    return (x) => tf.sub(tf.relu(x), tf.mul(slopes.value, tf.relu(tf.neg(x))));
  },
});
