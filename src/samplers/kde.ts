/**
 * A kernel density estimate over the training codes z_i, of which samples are drawn instead of from the prior:
 *
 *     p(z) = 1/n sum_i N(z; z_i, h^2 S + floor I),   S the covariance of the codes
 *
 * A draw is a training code with noise, so a narrow kernel repeats the training set.
 */
import { rowOf } from "../numerics/points.js";
import { momentsOf } from "../numerics/principal-components.js";
import { defineSampler } from "../spec/define.js";
import { drawMixture, logDensities, TEMPERATURE, tempered, triangularFactor } from "./mixture.js";

/** h by Scott's rule, n^(-1 / (D + 4)), or by Silverman's, (n (D + 2) / 4)^(-1 / (D + 4)). */
const RULES = {
  scott: (n: number, width: number) => n ** (-1 / (width + 4)),
  silverman: (n: number, width: number) => ((n * (width + 2)) / 4) ** (-1 / (width + 4)),
} as const;

export const kde = defineSampler({
  schema: {
    type: "object",
    title: "kernel density estimate over the codes",
    description:
      "Gaussian kernels around the training codes, per class if the model is conditioned on a label. Its samples are scored as a set of their own.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "kde" },
      bandwidth: {
        anyOf: [{ enum: ["scott", "silverman"] }, { type: "number", exclusiveMinimum: 0 }],
        default: "scott",
        description: "Standard deviation of a kernel in standard deviations of the codes: a rule, or a number",
      },
      temperature: TEMPERATURE,
      floor: { type: "number", exclusiveMinimum: 0, default: 1e-6, description: "Added to every variance" },
    },
  },
  formula: "p(z) = 1/n sum_i N(z; z_i, h^2 S + floor I), S = Cov(z_i), h = n^(-1/(D + 4)) (Scott)",
  source: "Scott 2015, section 6.3; Silverman 1986, section 4.3",
  capabilities: () => ["density"],
  create: ({ bandwidth, temperature, floor }) => ({
    learn: (codes) => {
      const { n, width, values } = codes;
      const h = typeof bandwidth === "number" ? bandwidth : RULES[bandwidth](n, width);
      const { covariance } = momentsOf(values, width);
      // Divided by n - 1.
      const unbiased = n > 1 ? n / (n - 1) : 0;
      const kernel = Float64Array.from({ length: width ** 2 }, (_, at) => {
        const [i, j] = [Math.floor(at / width), at % width];
        return h ** 2 * unbiased * covariance.get(i, j) + (i === j ? floor : 0);
      });
      const factor = triangularFactor(kernel, width);
      const mixture = tempered(
        {
          weights: new Float64Array(n).fill(1 / n),
          means: Array.from({ length: n }, (_, i) => Float64Array.from(rowOf(codes, i))),
          factors: Array<Float64Array>(n).fill(factor),
        },
        temperature,
      );
      return {
        sample: (asked, stream) => drawMixture(mixture, asked, stream),
        logProb: (points) => logDensities(mixture, points),
        note: `kernels of ${h.toFixed(3)} standard deviations around ${n} training codes`,
      };
    },
  }),
});
