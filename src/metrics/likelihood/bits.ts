/**
 * Converts a measurement in nats to bits per dimension, if the only output has dequantized gray levels and the likelihood
 * is a density. The result bounds the mass of the levels (Theis et al. 2016, section 3.1): see `bitsPerDimension`.
 */
import type { Measured } from "../../contracts/measurement.js";
import type { MetricContext } from "../../contracts/metric.js";
import { outputsOf } from "../../inference/elbo-terms.js";
import { sizeOf } from "../../tensor/fields.js";
import { bitsPerDimension } from "../../tensor/mathematics.js";

/**
 * @param nats mean of -log p(x), or of a bound on it
 * @param discrete whether the likelihood is a probability mass
 * @param figure name of the figure in bits
 */
export const inBits = (
  { model }: Pick<MetricContext, "model">,
  { perExample: _, ...nats }: Measured,
  discrete: boolean | undefined,
  figure: string,
): Measured[] => {
  const { levels, shape } = model.fields[model.modeled]!;
  // With other outputs the nats are not of the gray levels alone.
  if (levels === undefined || discrete || Object.keys(outputsOf(model)).length > 1) return [];
  const dimensions = sizeOf(shape);
  const { value, standardError, ...rest } = nats;
  return [
    {
      ...rest,
      figure,
      value: value === null ? null : bitsPerDimension(value, dimensions, levels),
      ...(standardError !== undefined && { standardError: standardError / (dimensions * Math.LN2) }),
    },
  ];
};
