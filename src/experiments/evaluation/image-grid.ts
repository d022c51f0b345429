/** Images laid out in a grid, as an 8-bit PNG: gray or color, one pixel between them. */
import { encode } from "fast-png";
import { VaelabError } from "../../errors.js";
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
/** Maximum bytes of an uncompressed picture. */
const LARGEST = 2 ** 27;

/** Channels that a picture shows: all of a gray or a color image, else the first three as red, green and blue, or the first. */
export const drawnChannels = (channels: number): 1 | 3 => (channels >= 3 ? 3 : 1);

/** @throws DATA if the picture would be too large */
export const gridPng = ({ data, range, height, width, channels }: Images, columns: number): Uint8Array => {
  const size = height * width * channels;
  const drawn = drawnChannels(channels);
  const span = range.high > range.low ? range.high - range.low : 1;
  const count = data.length / size;
  const rows = Math.ceil(count / columns);
  const gridWidth = columns * (width + GAP) - GAP;
  const gridHeight = rows * (height + GAP) - GAP;
  const bytes = gridWidth * gridHeight * drawn;
  if (bytes > LARGEST)
    throw new VaelabError("DATA", {
      message: `a grid of ${count} images of ${height} x ${width} pixels is too large for one picture`,
      remedy: "Write arrays to an .npz.",
    });
  const pixels = new Uint8Array(bytes).fill(GAP_SHADE);
  for (let i = 0; i < count; i++) {
    const top = Math.floor(i / columns) * (height + GAP);
    const left = (i % columns) * (width + GAP);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < drawn; c++) {
          const value = (data[i * size + (y * width + x) * channels + c]! - range.low) / span;
          const at = ((top + y) * gridWidth + left + x) * drawn + c;
          pixels[at] = Math.round(255 * Math.min(1, Math.max(0, value)));
        }
  }
  return encode({ width: gridWidth, height: gridHeight, data: pixels, channels: drawn, depth: 8 });
};
