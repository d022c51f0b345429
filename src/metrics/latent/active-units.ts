/**
 * Active units: latent dimensions whose posterior mean moves with x, #{ j : Var_x E_q[z_j | x] > threshold } over the whole
 * split (Burda et al. 2016, section 5.2). Assumes a prior of unit scale.
 */

import type { Measured } from "../../contracts/measurement.js";
import type { MetricContext } from "../../contracts/metric.js";
import { evaluationCall } from "../../inference/call.js";
import { posteriorMeans } from "../../inference/elbo-terms.js";
import { defineMetric } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Draws in each of two estimates of a posterior mean that has no closed form. */
const DRAWS = 8;

/**
 * Var_x E_q[z_j | x] by latent dimension of all sites, by Welford's update. Where a posterior has no mean in closed form, it is the
 * covariance over x of two independent estimates of it, which is unbiased: the noise of one is not that of the other.
 */
const varianceOfMeans = async ({ model, blocks }: MetricContext) => {
  const [means, others, moments]: [number[], number[], number[]] = [[], [], []];
  let seen = 0;
  let estimated = false;
  await blocks({
    name: "active-units",
    body: (batch, noise) => {
      const inferred = model.infer(batch, { ...evaluationCall(noise), samples: 1 });
      estimated = Object.values(inferred.sites).some(({ q }) => !q.mean);
      if (!estimated) return { codes: posteriorMeans(model, inferred) };
      const estimate = (name: string): Tensor =>
        posteriorMeans(model, model.infer(batch, { ...evaluationCall(noise.fork(name)), samples: DRAWS }));
      return { codes: estimate("first half"), other: estimate("second half") };
    },
    receive: ({ codes, other = codes }) => {
      const [rows = 0, columns = 0] = codes!.shape;
      for (let i = 0; i < rows; i++) {
        seen++;
        for (let j = 0; j < columns; j++) {
          const [value, second] = [codes!.data[i * columns + j]!, other!.data[i * columns + j]!];
          const delta = value - (means[j] ?? 0);
          means[j] = (means[j] ?? 0) + delta / seen;
          others[j] = (others[j] ?? 0) + (second - (others[j] ?? 0)) / seen;
          moments[j] = (moments[j] ?? 0) + delta * (second - others[j]!);
        }
      }
    },
  });
  return { variances: moments.map((moment) => moment / seen), estimated };
};

export const activeUnits = defineMetric({
  schema: {
    type: "object",
    title: "Active units",
    description: "Number of latent dimensions that the encoder uses.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "active-units" },
      threshold: {
        type: "number",
        exclusiveMinimum: 0,
        default: 0.01,
        description: "Variance of the posterior mean above which a dimension is active",
      },
    },
  },
  formula: "#{ j : Var_x E_q[z_j | x] > threshold }",
  source: "Burda et al. 2016, section 5.2",
  figures: {
    activeUnits: {
      title: "active units",
      unit: "dimensions",
      better: "neither",
      section: "latent",
      by: ["latent"],
      reading: "Number of latent dimensions that the encoder uses.",
    },
  },
  create: ({ threshold }) => ({
    evaluate: async (context) => {
      const { variances, estimated } = await varianceOfMeans(context);
      const how = estimated ? `; covariance of two estimates of the mean by ${DRAWS} draws` : "";
      const counted = (own: readonly number[], latent?: string): Measured => ({
        figure: "activeUnits",
        ...(latent !== undefined && { latent }),
        n: context.size,
        value: own.filter((variance) => variance > threshold).length,
        note: `of ${own.length}; variance above ${threshold}${how}`,
      });
      let start = 0;
      const byLatent = Object.entries(context.model.latents).map(([latent, shape]) => {
        const end = start + sizeOf(shape);
        const own = counted(variances.slice(start, end), latent);
        start = end;
        return own;
      });
      return { measurements: [counted(variances), ...(byLatent.length > 1 ? byLatent : [])] };
    },
  }),
});
