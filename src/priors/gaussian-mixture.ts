/**
 * p(z) = sum_k w_k N(z; m_k, S_k), all learned with the model. S_k is diagonal, diag exp(l_k), or full: L_k L_k', L_k lower triangular with
 * the diagonal exp(s_k). Initially, components have equal weights, unit scales and scattered means, so that they do not all learn the same.
 *
 * Initialized from data, component k begins at the posterior mean of a training example, by the first weights of the encoder. All begin
 * with the variances of the aggregate posterior of these examples: that of the posterior means plus the mean of the posterior variances.
 */

import type { Distribution } from "../contracts/distribution.js";
import type { Prior } from "../contracts/prior.js";
import { DiagonalGaussian } from "../distributions/diagonal-gaussian.js";
import { fullGaussianOf } from "../distributions/full-gaussian.js";
import { Mixture } from "../distributions/mixture.js";
import { VaelabError } from "../errors.js";
import { mapValues } from "../numerics/records.js";
import { definePrior } from "../spec/define.js";
import { type FieldSchema, type Shape, sizeOf } from "../tensor/fields.js";
import { normalWith, zeros } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { belowDiagonal } from "../tensor/triangular.js";

/** Declared scales of K components. */
interface Scales {
  /** The components, batchShape [K], at means [K, ...latent]. */
  around(means: Tensor): Distribution;
  /** Their values where all components have the variances [...latent], by name of the parameter. */
  withVariance(variance: Tensor): Readonly<Record<string, Tensor>>;
}

const diagonal = (parameters: ParameterScope, components: number, latent: Shape): Scales => {
  const logVariances = parameters("log-variances", [components, ...latent], zeros);
  return {
    around: (means) => new DiagonalGaussian(means, logVariances.value, latent.length),
    withVariance: (variance) => ({
      [logVariances.name]: tf.broadcastTo(tf.log(variance), [components, ...latent]),
    }),
  };
};

const full = (parameters: ParameterScope, components: number, latent: Shape): Scales => {
  const size = sizeOf(latent);
  const logScales = parameters("log-scales", [components, size], zeros);
  const below = size > 1 ? parameters("below-diagonal", [components, belowDiagonal(size)], zeros) : undefined;
  return {
    around: (means) => {
      const mean = tf.reshape(means, [components, size]);
      return fullGaussianOf({ mean, logScale: logScales.value, ...(below && { below: below.value }) }, latent);
    },
    withVariance: (variance) => ({
      [logScales.name]: tf.broadcastTo(tf.mul(tf.log(tf.reshape(variance, [1, size])), 0.5), [components, size]),
    }),
  };
};

/** Keeps the logarithm finite: of one point mass the aggregate posterior has no variance. */
const SMALLEST_VARIANCE = 1e-6;

/** Means of K examples, and the variances of the aggregate of their posteriors. @param q batchShape [K] */
const momentsOf = (q: Distribution): { means: Tensor; variance: Tensor } => {
  const means = q.mean!();
  const { variance } = tf.moments(means, 0);
  const within = q.variance ? tf.mean(q.variance(), 0) : 0;
  return { means, variance: tf.maximum(tf.add(variance, within), SMALLEST_VARIANCE) };
};

export const gaussianMixture = definePrior({
  schema: {
    type: "object",
    title: "learned mixture of Gaussians",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gaussian-mixture" },
      components: { type: "integer", minimum: 1, default: 10, description: "Components of the mixture" },
      covariance: {
        enum: ["diagonal", "full"],
        default: "diagonal",
        description: "Covariance of a component: independent dimensions, or correlated ones by a triangular factor",
      },
      initialize: {
        enum: ["random", "data"],
        default: "random",
        description: "Initial components: scattered means, or posterior means of training examples",
      },
      spread: {
        type: "number",
        minimum: 0,
        default: 1,
        description: "If random: standard deviation of the initial means, in every dimension",
      },
    },
  },
  formula: "p(z) = sum_k w_k N(z; m_k, S_k), S_k = diag exp(l_k) or L_k L_k', diagonal of L_k: exp(s_k)",
  source: "Dilokthanakul et al. 2016; as a baseline: Tomczak & Welling 2018, section 3",
  capabilities: ({ initialize }) => ["density", ...(initialize === "data" ? (["encodes"] as const) : [])],
  examples: ({ components, initialize }) => (initialize === "data" ? (components as number) : 0),
  requires: ({ initialize }) =>
    initialize === "data"
      ? [
          {
            kind: "posterior",
            capability: "mean",
            reason: "Components begin at posterior means: use a posterior such as diagonal-gaussian",
          },
        ]
      : [],
  resolve: (fields) => {
    if (fields.initialize === "data" && fields.spread !== 1)
      throw new VaelabError("SPEC_COMBINATION", {
        message: 'components begin at posterior means, so "spread" would have no effect',
        remedy: 'Leave it out, or set "initialize" to "random".',
      });
    return fields;
  },
  create: ({ components, covariance, initialize, spread }, { latent, inputs, parameters, examples }): Prior => {
    const means = parameters("means", [components, ...latent], normalWith(0, spread));
    const scales = (covariance === "full" ? full : diagonal)(parameters, components, latent);
    const logits = parameters("logits", [components], zeros);
    return {
      at: () => new Mixture(logits.value, scales.around(means.value)),
      ...(initialize === "data" && {
        initialize: (encode) => {
          const rows = examples(components);
          const moments = momentsOf(
            encode(mapValues(inputs, ({ shape }: FieldSchema, name) => tf.tensor(rows[name]!, [components, ...shape]))),
          );
          return { [means.name]: moments.means, ...scales.withVariance(moments.variance) };
        },
      }),
    };
  },
});
