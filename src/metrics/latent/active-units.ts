/**
 * Active units: latent dimensions whose posterior mean moves with x, #{ j : Var_x E_q[z_j | x] > threshold } over the whole
 * split (Burda et al. 2016, section 5.2). Assumes a prior of unit scale.
 */

import { posteriorMeans } from "../../inference/elbo-terms.js";
import { defineMetric } from "../../spec/define.js";

export const activeUnits = defineMetric({
  schema: {
    type: "object",
    title: "Active units",
    description: "How many latent dimensions the encoder uses.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "active-units" },
      threshold: {
        type: "number",
        exclusiveMinimum: 0,
        default: 0.01,
        description: "variance above which a dimension counts",
      },
    },
  },
  formula: "#{ j : Var_x E_q[z_j | x] > threshold }",
  source: "Burda et al. 2016, section 5.2",
  create: ({ threshold }) => ({
    evaluate: async ({ model, size, blocks }) => {
      // Welford's update over examples, by dimension of all sites together.
      const means: number[] = [];
      const squares: number[] = [];
      let seen = 0;
      let missing: string | undefined;
      await blocks({
        name: "active-units",
        body: (batch, noise) => {
          const inferred = model.infer(batch, { samples: 1, training: false, noise });
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
      if (missing !== undefined) {
        return {
          figures: {
            activeUnits: {
              value: null,
              unit: "dimensions",
              n: size,
              note: `the posterior of "${missing}" has no mean`,
            },
          },
        };
      }
      const active = squares.filter((square) => square / seen > threshold).length;
      return {
        figures: {
          activeUnits: {
            value: active,
            unit: "dimensions",
            n: size,
            note: `of ${squares.length}, variance above ${threshold}`,
          },
        },
      };
    },
  }),
});
