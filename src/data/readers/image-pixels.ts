/** Decodes PNG and JPEG files to 8-bit gray or RGB pixels. */
import type { DecodedPng } from "fast-png";
import { type DataFile, damaged, readWhole } from "./data-file.js";
import { type ImageHeader, MOST_PIXELS } from "./image-headers.js";
import { type Pixels, upright } from "./image-orientation.js";
import { checkScans } from "./jpeg-scans.js";
import { pixelChunks } from "./png-chunks.js";

/** Expands gray values of fewer than 8 bits, packed by row from the highest bit, to the range 0 to 255. */
const spread = ({ data, width, height, depth }: DecodedPng): Uint8Array => {
  const bytesPerRow = Math.ceil((width * depth) / 8);
  const most = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * bytesPerRow + (bit >> 3)]!;
    return (((byte >> (8 - depth - (bit & 7))) & most) * 255) / most;
  });
};

/** Background behind transparent pixels: red, green and blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** By ITU-R 601, as Pillow's conversion to "L": (19595 R + 38470 G + 7471 B + 2^15) / 2^16. */
const luma = (red: number, green: number, blue: number): number =>
  (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;

/** The last channel is alpha: (alpha c + (255 - alpha) background) / 255, rounded. */
const composite = (data: ArrayLike<number>, channels: number, background: Color): Uint8Array => {
  const kept = channels - 1;
  const behind = kept === 1 ? [luma(...background)] : background;
  const out = new Uint8Array((data.length / channels) * kept);
  for (let pixel = 0; pixel * channels < data.length; pixel++) {
    const alpha = data[pixel * channels + kept]!;
    for (let c = 0; c < kept; c++)
      out[pixel * kept + c] = Math.round((alpha * data[pixel * channels + c]! + (255 - alpha) * behind[c]!) / 255);
  }
  return out;
};

/** A PNG without alpha may declare one color transparent (tRNS); its pixels show the background. */
const withoutTransparentColor = (data: Uint8Array, color: ArrayLike<number>, background: Color): Uint8Array => {
  const channels = color.length;
  const behind = channels === 1 ? [luma(...background)] : background;
  for (let at = 0; at < data.length; at += channels) {
    let same = true;
    for (let c = 0; c < channels; c++) same &&= data[at + c] === color[c];
    if (same) data.set(behind, at);
  }
  return data;
};

const decodePng = async (
  bytes: Uint8Array,
  name: string,
  header: ImageHeader,
  background: Color,
): Promise<Uint8Array> => {
  const { convertIndexedToRgb, decode } = await import("fast-png");
  const decoding = <T>(call: () => T): T => {
    try {
      return call();
    } catch (error) {
      const reason = error instanceof Error ? error.message.split("\n")[0]!.replace(/[.:]$/, "") : String(error);
      throw damaged(name, `damaged PNG: ${reason}`, {}, error);
    }
  };
  const chunks = pixelChunks(bytes, name, header);
  const png: DecodedPng = decoding(() => decode(chunks, { checkCrc: true }));
  if (png.palette) {
    const rgb = decoding(() => convertIndexedToRgb(png));
    const channels = rgb.length / (png.width * png.height);
    return channels === 3 ? Uint8Array.from(rgb) : composite(rgb, channels, background);
  }
  if (png.channels === 2 || png.channels === 4) return composite(png.data, png.channels, background);
  const data = png.depth < 8 ? spread(png) : Uint8Array.from(png.data);
  if (!png.transparency) return data;
  const scale = 255 / (2 ** png.depth - 1);
  return withoutTransparentColor(
    data,
    Array.from(png.transparency, (level) => level * scale),
    background,
  );
};

const decodeJpeg = async (bytes: Uint8Array, name: string, header: ImageHeader): Promise<Uint8Array> => {
  const { decode } = (await import("jpeg-js")).default;
  checkScans(bytes, name, header);
  try {
    const options = {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      // Limits of the largest supported image; a second frame in the file must not exceed them.
      maxMemoryUsageInMB: 360,
      maxResolutionInMP: MOST_PIXELS / 1e6,
    } as const;
    const { data } = decode(bytes, options);
    return header.channels === 3
      ? Uint8Array.from(data)
      : Uint8Array.from({ length: data.length / 3 }, (_, i) => data[3 * i]!);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0]! : String(error);
    throw damaged(name, `damaged JPEG: ${reason}`, {}, error);
  }
};

/** @param background color behind transparent PNG pixels. @throws DATA naming the file */
export const readPixels = async (file: DataFile, header: ImageHeader, background: Color = WHITE): Promise<Pixels> => {
  const bytes = readWhole(file, "");
  const { width, height, channels, format, orientation } = header;
  const decoded =
    format === "PNG" ? decodePng(bytes, file.name, header, background) : decodeJpeg(bytes, file.name, header);
  const data = await decoded;
  if (data.length !== width * height * channels)
    throw damaged(file.name, `it holds ${data.length} values, but its header says ${width} x ${height} x ${channels}`);
  return upright({ data, width, height, channels }, orientation);
};

export const WHITE: Color = [255, 255, 255];

export const toGray = ({ data, width, height, channels }: Pixels): Pixels => {
  if (channels === 1) return { data, width, height, channels };
  const gray = Uint8Array.from({ length: width * height }, (_, i) =>
    luma(data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!),
  );
  return { data: gray, width, height, channels: 1 };
};

/** Weights of old pixels in new pixels, along one axis. */
const overlaps = (from: number, to: number): { first: number; shares: number[] }[] =>
  Array.from({ length: to }, (_, i) => {
    const [start, end] = [(i * from) / to, ((i + 1) * from) / to];
    const first = Math.floor(start);
    const last = Math.min(from, Math.ceil(end - 1e-9));
    const shares = Array.from(
      { length: last - first },
      (__, k) => (Math.min(end, first + k + 1) - Math.max(start, first + k)) / (end - start),
    );
    return { first, shares };
  });

/** Each new pixel is the mean of the area that it covers, rounded. */
export const resize = ({ data, width, height, channels }: Pixels, to: { height: number; width: number }): Pixels => {
  if (to.height === height && to.width === width) return { data, width, height, channels };
  const [rows, columns] = [overlaps(height, to.height), overlaps(width, to.width)];
  const out = new Uint8Array(to.height * to.width * channels);
  for (const [y, row] of rows.entries())
    for (const [x, column] of columns.entries())
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const [i, a] of row.shares.entries())
          for (const [j, b] of column.shares.entries())
            sum += a * b * data[((row.first + i) * width + column.first + j) * channels + c]!;
        out[(y * to.width + x) * channels + c] = Math.round(sum);
      }
  return { data: out, ...to, channels };
};
