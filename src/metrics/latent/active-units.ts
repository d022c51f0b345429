/**
 * Active units: latent dimensions whose posterior mean moves with x, #{ j : Var_x E_q[z_j | x] > threshold } over the whole
 * split (Burda et al. 2016, section 5.2). Assumes a prior of unit scale.
 */

import type { MetricContext } from "../../contracts/metric.js";
import { evaluationCall } from "../../inference/call.js";
import { posteriorMeans } from "../../inference/elbo-terms.js";
import { defineMetric } from "../../spec/define.js";

/** Var_x E_q[z_j | x] by latent dimension of all sites, by Welford's update. `missing` names a posterior without a mean. */
const varianceOfMeans = async ({ model, blocks }: MetricContext) => {
  const means: number[] = [];
  const squares: number[] = [];
  let seen = 0;
  let missing: string | undefined;
  await blocks({
    name: "active-units",
    body: (batch, noise) => {
      const inferred = model.infer(batch, { ...evaluationCall(noise), samples: 1 });
      missing = Object.values(inferred.sites).find(({ q }) => !q.mean)?.name;
      return missing === undefined ? { codes: posteriorMeans(model, inferred) } : {};
    },
    receive: ({ codes }) => {
      if (!codes) return;
      const [rows = 0, columns = 0] = codes.shape;
      for (let i = 0; i < rows; i++) {
        seen++;
        for (let j = 0; j < columns; j++) {
          const value = codes.data[i * columns + j]!;
          const delta = value - (means[j] ?? 0);
          means[j] = (means[j] ?? 0) + delta / seen;
          squares[j] = (squares[j] ?? 0) + delta * (value - means[j]!);
        }
      }
    },
  });
  return { variances: squares.map((square) => square / seen), missing };
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
      reading: "Number of latent dimensions that the encoder uses.",
    },
  },
  create: ({ threshold }) => ({
    evaluate: async (context) => {
      const { variances, missing } = await varianceOfMeans(context);
      const found =
        missing === undefined
          ? {
              value: variances.filter((variance) => variance > threshold).length,
              note: `of ${variances.length}; variance above ${threshold}`,
            }
          : { value: null, note: `the posterior of "${missing}" has no mean` };
      return { measurements: [{ figure: "activeUnits", n: context.size, ...found }] };
    },
  }),
});
