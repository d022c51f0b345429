/**
 * Polygons as gray images with exact coverage per pixel, computed from the signed areas to the right of each edge (the
 * accumulation buffer of font rasterizers: Levien 2016, "font-rs").
 */

/** Corners x, y, x, y, ... in pixels from the upper left, all inside the canvas. */
export type Polygon = Float64Array;

/**
 * Adds the contribution of one edge to one row of pixels: `height`, signed by the edge's direction, times the part of each
 * pixel that lies right of the edge. Differences between neighboring pixels are stored, so that a running sum gives the
 * coverage.
 */
const addSpan = (row: Float64Array, start: number, from: number, to: number, height: number): void => {
  const left = Math.min(from, to);
  const right = Math.max(from, to);
  const first = Math.floor(left);
  const last = Math.max(first, Math.ceil(right) - 1);
  let covered = 0;
  for (let pixel = first; pixel <= last; pixel++) {
    // Mean, along the edge in this row, of the fraction of the pixel to its right.
    const share =
      first === last
        ? pixel + 1 - (left + right) / 2
        : (integralOfShare(right - pixel) - integralOfShare(left - pixel)) / (right - left);
    row[start + pixel]! += height * (share - covered);
    covered = share;
  }
  row[start + last + 1]! += height * (1 - covered);
};

/** Integral from 0 to t of clamp(1 - t, 0, 1), which is 1 below 0: an edge left of the pixel covers all of it. */
const integralOfShare = (t: number): number => (t <= 0 ? t : t >= 1 ? 0.5 : t - (t * t) / 2);

/** [size * size], 0 outside and 1 inside; the sum is the polygon's area. */
export const renderPolygon = (corners: Polygon, size: number): Float64Array => {
  const stride = size + 1;
  const cover = new Float64Array(size * stride + 1);
  for (let i = 0; i < corners.length; i += 2) {
    const j = (i + 2) % corners.length;
    const down = corners[j + 1]! > corners[i + 1]!;
    const [a, b] = down ? [i, j] : [j, i];
    const top = corners[a + 1]!;
    const bottom = corners[b + 1]!;
    if (top === bottom) continue;
    const slope = (corners[b]! - corners[a]!) / (bottom - top);
    const xAt = (y: number): number => corners[a]! + (y - top) * slope;
    for (let y = Math.floor(top); y < bottom; y++) {
      const from = Math.max(y, top);
      const to = Math.min(y + 1, bottom);
      addSpan(cover, y * stride, xAt(from), xAt(to), down ? from - to : to - from);
    }
  }
  const image = new Float64Array(size * size);
  for (let y = 0; y < size; y++) {
    let sum = 0;
    for (let x = 0; x < size; x++) {
      sum += cover[y * stride + x]!;
      image[y * size + x] = Math.min(1, Math.max(0, sum));
    }
  }
  return image;
};
