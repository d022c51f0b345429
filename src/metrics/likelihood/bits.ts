/**
 * Bits a dimension beside a figure in nats: of a modeled field whose gray levels are dequantized, under a likelihood that is a
 * density, and of nothing else. A bound on the mass of the levels (Theis et al. 2016, section 3.1): see `bitsPerDimension`.
 */
import type { Figure, MetricContext } from "../../contracts/metric.js";
import { sizeOf } from "../../tensor/fields.js";
import { bitsPerDimension } from "../../tensor/mathematics.js";

/** @param nats a mean of -log p(x), or of a bound on it. @param discrete whether the likelihood is a mass. */
export const inBits = (
  { model }: Pick<MetricContext, "model">,
  nats: Figure,
  discrete: boolean | undefined,
): Figure | undefined => {
  const { levels, shape } = model.fields[model.modeled]!;
  if (levels === undefined || discrete) return undefined;
  const dimensions = sizeOf(shape);
  const { value, standardError, ...rest } = nats;
  return {
    ...rest,
    unit: "bits",
    value: value === null ? null : bitsPerDimension(value, dimensions, levels),
    ...(standardError !== undefined && { standardError: standardError / (dimensions * Math.LN2) }),
  };
};
