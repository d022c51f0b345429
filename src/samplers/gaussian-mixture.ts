/**
 * Ex-post density estimation: samples are drawn from a mixture of Gaussians fitted to the training codes, instead of the
 * prior. The fit starts from k-means with hard assignments. Source: Ghosh et al. 2020, section 4.
 */

import { kMeans, seedCenters } from "../numerics/k-means.js";
import { defineSampler } from "../spec/define.js";
import { drawMixture, logDensities, TEMPERATURE, tempered } from "./mixture.js";
import { fitMixture, hardResponsibilities, maximization } from "./mixture-fit.js";

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
      temperature: TEMPERATURE,
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
  capabilities: () => ["density"],
  create: ({ components, covariance, temperature, floor, tolerance, iterations }) => ({
    learn: (codes, uniform) => {
      const count = Math.min(components, codes.n);
      const { assignment } = kMeans(codes, seedCenters(codes, count, uniform));
      const initial = maximization(hardResponsibilities(assignment, count), codes, count, { covariance, floor });
      const fit = fitMixture(codes, initial, { covariance, floor, tolerance, iterations });
      const end = fit.converged ? "" : `, not converged after ${iterations} iterations`;
      const mixture = tempered(fit.mixture, temperature);
      return {
        sample: (asked, stream) => drawMixture(mixture, asked, stream),
        logProb: (points) => logDensities(mixture, points),
        note: `${count} Gaussians on the training codes, mean log-likelihood ${fit.logLikelihood.toFixed(3)} nats${end}`,
      };
    },
  }),
});
