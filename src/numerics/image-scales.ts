/**
 * The window and the scales of multi-scale structural similarity (Wang, Simoncelli & Bovik 2003): a Gaussian of size 11 and sigma 1.5, and
 * the paper's weights of five scales. Smaller images have as many scales as the window fits, with the first of those weights.
 */
export interface ImageSize {
  height: number;
  width: number;
  channels: number;
}

const SIGMA = 1.5;
const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** Weights of the window along one axis; they sum to 1. */
export const WINDOW = (() => {
  const weights = Float64Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * SIGMA * SIGMA)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
})();

/** Number of scales that fit an image; 0 if it is smaller than the window. */
export const scalesFor = ({ height, width }: Pick<ImageSize, "height" | "width">): number => {
  let side = Math.min(height, width);
  let scales = 0;
  for (; side >= WINDOW.length && scales < WEIGHTS.length; side = Math.floor(side / 2)) scales++;
  return scales;
};

/** The exponent of each scale that fits; they sum to 1. */
export const scaleWeights = (size: Pick<ImageSize, "height" | "width">): number[] => {
  const weights = WEIGHTS.slice(0, scalesFor(size));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};
