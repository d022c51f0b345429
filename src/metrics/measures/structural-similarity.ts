/**
 * Structural similarity of two images at several scales, for values in [0, range]:
 *
 *     l  = (2 mx my + C1) / (mx^2 + my^2 + C1)        C1 = (0.01 range)^2, C2 = (0.03 range)^2
 *     cs = (2 sxy + C2) / (sx^2 + sy^2 + C2)
 *     MS-SSIM = prod_{j < M} mean(max(cs_j, 0))^w_j * mean(max(l_M cs_M, 0))^w_M
 *
 * under a Gaussian window of size 11 and sigma 1.5 without padding; 2 x 2 means halve the image between scales. The paper has
 * five scales with w = (.0448, .2856, .3001, .2363, .1333), which require a side of at least 176. Smaller images have as many
 * scales as the window fits (28 x 28: two), with the first of those weights, divided by their sum. Source: Wang, Simoncelli &
 * Bovik 2003, eq. 7; Wang et al. 2004 (l, cs). Negative terms are clipped to 0, as in PyTorch implementations.
 */
import { type ImageSize, scaleWeights, WINDOW } from "../../numerics/image-scales.js";

export interface Plane {
  height: number;
  width: number;
  values: Float64Array;
}

/** Weighted means under the window, without padding. */
const smooth = ({ height, width, values }: Plane): Plane => {
  const [rows, columns] = [height - WINDOW.length + 1, width - WINDOW.length + 1];
  const across = new Float64Array(height * columns);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < columns; x++)
      for (let t = 0; t < WINDOW.length; t++) across[y * columns + x]! += WINDOW[t]! * values[y * width + x + t]!;
  const down = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let t = 0; t < WINDOW.length; t++) down[y * columns + x]! += WINDOW[t]! * across[(y + t) * columns + x]!;
  return { height: rows, width: columns, values: down };
};

const product = (a: Plane, b: Plane): Plane => ({ ...a, values: a.values.map((value, i) => value * b.values[i]!) });

/** Means of 2 x 2 pixels; an odd last row or column is dropped. */
const halve = ({ height, width, values }: Plane): Plane => {
  const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
  const half = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = 2 * y * width + 2 * x;
      half[y * columns + x] = (values[at]! + values[at + 1]! + values[at + width]! + values[at + width + 1]!) / 4;
    }
  }
  return { height: rows, width: columns, values: half };
};

/** Means over positions of l cs and of cs. */
export const similarityOf = (x: Plane, y: Plane, range: number): { ssim: number; contrast: number } => {
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
  const [mx, my] = [smooth(x).values, smooth(y).values];
  const [xx, yy, xy] = [smooth(product(x, x)).values, smooth(product(y, y)).values, smooth(product(x, y)).values];
  let [ssim, contrast] = [0, 0];
  for (let i = 0; i < mx.length; i++) {
    const [a, b] = [mx[i]!, my[i]!];
    const l = (2 * a * b + c1) / (a * a + b * b + c1);
    const cs = (2 * (xy[i]! - a * b) + c2) / (xx[i]! - a * a + yy[i]! - b * b + c2);
    ssim += l * cs;
    contrast += cs;
  }
  return { ssim: ssim / mx.length, contrast: contrast / mx.length };
};

const planeOf = (image: ArrayLike<number>, { height, width, channels }: ImageSize, channel: number): Plane => ({
  height,
  width,
  values: Float64Array.from({ length: height * width }, (_, i) => image[i * channels + channel]!),
});

/** MS-SSIM of two images [height, width, channels], averaged over channels. @param range width of the interval of values. */
export const multiScaleSimilarity = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  size: ImageSize,
  range = 1,
): number => {
  const weights = scaleWeights(size);
  const scales = weights.length;
  let sum = 0;
  for (let channel = 0; channel < size.channels; channel++) {
    let [x, y] = [planeOf(a, size, channel), planeOf(b, size, channel)];
    let value = 1;
    for (let scale = 0; scale < scales; scale++) {
      const { ssim, contrast } = similarityOf(x, y, range);
      value *= Math.max(0, scale === scales - 1 ? ssim : contrast) ** weights[scale]!;
      [x, y] = [halve(x), halve(y)];
    }
    sum += value;
  }
  return sum / size.channels;
};
