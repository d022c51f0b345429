/**
 * Active units: latent dimensions whose posterior mean moves with x, #{ j : Var_x E_q[z_j | x] > threshold } over the whole
 * split (Burda et al. 2016, section 5.2). Assumes a prior of unit scale. Latents on a sphere or in a ball are left out: their coordinates are
 * not separate units.
 */

import type { LatentSupport } from "../../contracts/distribution.js";
import type { Measured } from "../../contracts/measurement.js";
import type { MetricContext } from "../../contracts/metric.js";
import { evaluationCall } from "../../inference/call.js";
import { posteriorMeans } from "../../inference/elbo-terms.js";
import { siteOf } from "../../inference/site.js";
import { defineMetric } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Draws in each of two estimates of a posterior mean that has no closed form. */
const DRAWS = 8;

/**
 * Var_x E_q[z_j | x] by latent dimension of these latents, by Welford's update. Where a posterior has no mean in closed form, it is the
 * covariance over x of two independent estimates of it, which is unbiased: the noise of one is not that of the other.
 */
const varianceOfMeans = async ({ model, blocks }: MetricContext, latents: readonly string[]) => {
  const [means, others, moments]: [number[], number[], number[]] = [[], [], []];
  let seen = 0;
  let estimated = false;
  await blocks({
    name: "active-units",
    body: (batch, noise) => {
      const inferred = model.infer(batch, { ...evaluationCall(noise), samples: 1 });
      estimated = latents.some((name) => !siteOf(inferred, name).q.mean);
      if (!estimated) return { codes: posteriorMeans(model, inferred, latents) };
      const estimate = (name: string): Tensor =>
        posteriorMeans(model, model.infer(batch, { ...evaluationCall(noise.fork(name)), samples: DRAWS }), latents);
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

/** Where coordinates are not separate units. */
const CURVED: Readonly<Partial<Record<LatentSupport, string>>> = {
  sphere: "on a sphere, where coordinates are not separate units",
  ball: "in a hyperbolic ball, where coordinates are not separate units",
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
      const { model, size: n } = context;
      const names = Object.keys(model.latents);
      const curved = (name: string): string | undefined => CURVED[model.supports?.[name] ?? "real"];
      const latents = names.filter((name) => curved(name) === undefined);
      const { variances, estimated } =
        latents.length > 0 ? await varianceOfMeans(context, latents) : { variances: [], estimated: false };
      const how = estimated ? `; covariance of two estimates of the mean by ${DRAWS} draws` : "";
      const without = names.flatMap((name) => (curved(name) ? [`; without "${name}", ${curved(name)}`] : []));
      const counted = (own: readonly number[], more: readonly string[] = []): Omit<Measured, "latent"> => ({
        figure: "activeUnits",
        n,
        value: own.filter((variance) => variance > threshold).length,
        note: `of ${own.length}; variance above ${threshold}${how}${more.join("")}`,
      });
      const absent = (name: string): Measured => ({ figure: "activeUnits", n, value: null, note: curved(name)! });
      let start = 0;
      const byLatent = Object.entries(model.latents).map(([latent, shape]): Measured => {
        if (!latents.includes(latent)) return { ...absent(latent), latent };
        const own = counted(variances.slice(start, start + sizeOf(shape)));
        start += sizeOf(shape);
        return { ...own, latent };
      });
      const total = latents.length > 0 ? counted(variances, without) : absent(names[0]!);
      return { measurements: [total, ...(byLatent.length > 1 ? byLatent : [])] };
    },
  }),
});
