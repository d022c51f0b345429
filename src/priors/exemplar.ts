/**
 * The exemplar prior: p(z) = 1/K sum_k N(z; m(x_k), s^2 I), a mixture around the posterior means of K training examples, the exemplars, with
 * one learned variance. In training, the latent of an example that is an exemplar is scored by the other K - 1: around its own mean it would
 * have a density without bound. Means follow the encoder, which the prior trains as well.
 */
import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { Mixture } from "../distributions/mixture.js";
import { VaelabError } from "../errors.js";
import { lazily } from "../numerics/lazily.js";
import { mapValues } from "../numerics/records.js";
import { definePrior } from "../spec/define.js";
import type { FieldSchema } from "../tensor/fields.js";
import { zeros } from "../tensor/initializers.js";
import { COUNTS_BELOW } from "../tensor/mathematics.js";
import type { Parameter } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** The logit of a component that is left out: its weight is 0. */
const OUT = -1e9;

/** Row numbers as parameters, which are float32. @throws SPEC_COMBINATION where these do not hold one exactly */
const asParameter = (rows: Int32Array): Float32Array => {
  if (rows.some((row) => row >= COUNTS_BELOW))
    throw new VaelabError("SPEC_COMBINATION", {
      message: `the exemplar prior keeps row numbers below ${COUNTS_BELOW}, and the training split has more rows`,
      remedy: "Train on fewer examples, or choose another prior, such as vamp.",
    });
  return Float32Array.from(rows);
};

export const exemplar = definePrior({
  schema: {
    type: "object",
    title: "exemplar prior",
    description: "A mixture around the posterior means of training examples, each left out where it is scored itself.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "exemplar" },
      components: {
        type: "integer",
        minimum: 2,
        default: 500,
        description: "Exemplars: training examples, chosen by the seed. Each step encodes them all",
      },
    },
  },
  formula: "p(z) = 1/K sum_k N(z; m(x_k), s^2 I); in training, z of x_n: over k with x_k other than x_n",
  source: "Norouzi, Fleet & Norouzi 2020, section 3, over a fixed subset and without its nearest-neighbor search",
  capabilities: () => ["density", "encodes"],
  requires: () => [
    {
      kind: "posterior",
      capability: "mean",
      reason: "An exemplar prior has its components at posterior means: use a posterior such as diagonal-gaussian",
    },
  ],
  examples: ({ components }) => components as number,
  create: ({ components }, { latent, inputs, parameters, examples, exampleRows }) => {
    const chosen = lazily(() => examples(components));
    const fixed = { trainable: false };
    const exemplars = mapValues<FieldSchema, Parameter>(inputs, ({ shape }, name) =>
      parameters(`exemplars/${name}`, [components, ...shape], () => chosen()[name]!, fixed),
    );
    const rows = parameters("rows", [components], () => asParameter(exampleRows(components)), fixed);
    const logVariance = parameters("log-variance", [], zeros);
    /** [K], or [B, K] where each example of a batch leaves itself out. */
    const logitsOf = (index: Tensor | undefined): Tensor => {
      if (!index) return tf.zeros([components]);
      const isOwn = tf.equal(tf.expandDims(index, 1), tf.cast(rows.value, "int32"));
      return tf.mul(tf.cast(isOwn, "float32"), OUT);
    };
    return {
      at: ({ encode, index }) => {
        const means = encode(mapValues(exemplars, ({ value }) => value)).mean!();
        const logits = logitsOf(index);
        const logVariances = tf.fill([...logits.shape, ...latent.map(() => 1)], 1);
        return new Mixture(logits, new DiagonalGaussian(means, tf.mul(logVariances, logVariance.value), latent.length));
      },
    };
  },
});
