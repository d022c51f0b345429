/** An objective that minimizes nothing but the cross-entropy of the labels: a classifier of its own. */
import { defineObjective } from "vaelab";
import { tf } from "vaelab/tensor";

const supervisedOnly = defineObjective({
  schema: {
    type: "object",
    title: "Cross-entropy of the labels alone",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "supervised-only" } },
  },
  source: "cross-entropy of the labeled examples; the baseline of Kingma et al. 2014, table 1 (NN)",
  create: () => ({
    phases: [
      {
        name: "supervised",
        every: 1,
        variables: (name) => name.startsWith("encoder/") || name.startsWith("latents/y/"),
        terms: () => ({ loss: tf.scalar(0), terms: {} }),
      },
    ],
  }),
});

export default [supervisedOnly];
