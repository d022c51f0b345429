/** An objective that minimizes nothing but what the model's heads add: a classifier trained by its labels alone. */
import { defineObjective } from "vaelab";
import { tf } from "vaelab/tensor";

const supervisedOnly = defineObjective({
  schema: {
    type: "object",
    title: "nothing but what the heads add",
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
        variables: (name) => name.startsWith("heads/"),
        terms: () => ({ loss: tf.scalar(0), terms: {} }),
      },
    ],
  }),
});

export default [supervisedOnly];
