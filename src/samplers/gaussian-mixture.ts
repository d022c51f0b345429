/**
 * Ex-post density estimation: samples are drawn from a mixture of Gaussians fitted to the training codes, instead of the
 * prior. The fit starts from k-means with hard assignments. Source: Ghosh et al. 2020, section 4.
 */

import { kMeans, seedCenters } from "../numerics/k-means.js";
import { pointsOf } from "../numerics/points.js";
import { normal, type Stream } from "../numerics/streams.js";
import { defineSampler } from "../spec/define.js";
import { fitMixture, hardResponsibilities, type Mixture, maximization } from "./mixture-fit.js";

const componentOf = (weights: Float64Array, uniform: Stream): number => {
  let left = uniform();
  for (let c = 0; c < weights.length - 1; c++) if ((left -= weights[c]!) < 0) return c;
  return weights.length - 1;
};

/** m + L e, e standard normal, of a component chosen by weight. */
export const drawMixture = ({ weights, means, factors }: Mixture, count: number, uniform: Stream) => {
  const width = means[0]!.length;
  const values = new Float32Array(count * width);
  const e = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    const c = componentOf(weights, uniform);
    for (let j = 0; j < width; j++) e[j] = normal(uniform);
    for (let j = 0; j < width; j++) {
      let sum = means[c]![j]!;
      for (let k = 0; k <= j; k++) sum += factors[c]![j * width + k]! * e[k]!;
      values[row * width + j] = sum;
    }
  }
  return pointsOf(values, width);
};

export const gaussianMixture = defineSampler({
  schema: {
    type: "object",
    title: "mixture of Gaussians over the codes",
    description:
      "Fitted to the training codes after training, per class if the model is conditioned on a label. Its samples are scored as a set of their own.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gaussian-mixture" },
      components: { type: "integer", minimum: 1, maximum: 1000, default: 10, description: "Components of the mixture" },
      covariance: { enum: ["full", "diagonal"], default: "full", description: "Covariance of each component" },
      floor: { type: "number", exclusiveMinimum: 0, default: 1e-6, description: "Added to every variance" },
      tolerance: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1e-3,
        description: "Fitting stops when the mean log-likelihood gains less, in nats",
      },
      iterations: {
        type: "integer",
        minimum: 1,
        maximum: 10000,
        default: 100,
        description: "Maximum number of EM iterations",
      },
    },
  },
  source: "Ghosh et al. 2020, section 4; the fit: Bishop 2006, eq. 9.23-9.26",
  create: ({ components, covariance, floor, tolerance, iterations }) => ({
    learn: (codes, uniform) => {
      const count = Math.min(components, codes.n);
      const { assignment } = kMeans(codes, seedCenters(codes, count, uniform));
      const initial = maximization(hardResponsibilities(assignment, count), codes, count, { covariance, floor });
      const fit = fitMixture(codes, initial, { covariance, floor, tolerance, iterations });
      const end = fit.converged ? "" : `, not converged after ${iterations} iterations`;
      return {
        sample: (asked, stream) => drawMixture(fit.mixture, asked, stream),
        note: `${count} Gaussians on the training codes, mean log-likelihood ${fit.logLikelihood.toFixed(3)} nats${end}`,
      };
    },
  }),
});
