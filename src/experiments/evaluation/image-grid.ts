/** Images laid out in a grid, as an 8-bit PNG: gray or color, one pixel between them. */
import { encode } from "fast-png";
import type { Range } from "../training/training-range.js";

export interface Images {
  /** [count, height, width, channels]. */
  data: Float32Array;
  /** Values drawn black and white; those beyond are clipped. */
  range: Range;
  height: number;
  width: number;
  channels: number;
}

const GAP = 1;
const GAP_SHADE = 128;

export const gridPng = ({ data, range, height, width, channels }: Images, columns: number): Uint8Array => {
  const size = height * width * channels;
  const span = range.high > range.low ? range.high - range.low : 1;
  const count = data.length / size;
  const rows = Math.ceil(count / columns);
  const gridWidth = columns * (width + GAP) - GAP;
  const gridHeight = rows * (height + GAP) - GAP;
  const pixels = new Uint8Array(gridWidth * gridHeight * channels).fill(GAP_SHADE);
  for (let i = 0; i < count; i++) {
    const top = Math.floor(i / columns) * (height + GAP);
    const left = (i % columns) * (width + GAP);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width * channels; x++) {
        const value = (data[i * size + y * width * channels + x]! - range.low) / span;
        pixels[((top + y) * gridWidth + left) * channels + x] = Math.round(255 * Math.min(1, Math.max(0, value)));
      }
    }
  }
  return encode({ width: gridWidth, height: gridHeight, data: pixels, channels: channels as 1 | 3, depth: 8 });
};
