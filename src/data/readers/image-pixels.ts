/** PNG and JPEG files as pixels of 8 bits, gray or in color. */
import type { DecodedPng } from "fast-png";
import { type DataFile, damaged, readWhole } from "./data-file.js";
import { type ImageHeader, MOST_PIXELS } from "./image-headers.js";
import { checkScans } from "./jpeg-scans.js";
import { pixelChunks } from "./png-chunks.js";

export interface Pixels {
  /** [height, width, channels]. */
  data: Uint8Array;
  height: number;
  width: number;
  channels: number;
}

/** Gray values of fewer than 8 bits, packed row by row from the highest bit on, spread over all of 0 to 255. */
const spread = ({ data, width, height, depth }: DecodedPng): Uint8Array => {
  const bytesPerRow = Math.ceil((width * depth) / 8);
  const most = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * bytesPerRow + (bit >> 3)]!;
    return (((byte >> (8 - depth - (bit & 7))) & most) * 255) / most;
  });
};

/** The channels without the last, which must say that all is opaque. */
const withoutAlpha = ({ data, width, channels }: DecodedPng, name: string): Uint8Array => {
  const kept = channels - 1;
  const out = new Uint8Array((data.length / channels) * kept);
  for (let pixel = 0; pixel * channels < data.length; pixel++) {
    if (data[pixel * channels + kept] !== 255) {
      const remedy = "Save it without transparency.";
      throw damaged(`${name} row ${Math.floor(pixel / width)}, column ${pixel % width}`, "the pixel is transparent", {
        remedy,
      });
    }
    for (let c = 0; c < kept; c++) out[pixel * kept + c] = data[pixel * channels + c]!;
  }
  return out;
};

const decodePng = async (bytes: Uint8Array, name: string, header: ImageHeader): Promise<Uint8Array> => {
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
  if (png.transparency)
    throw damaged(name, "the PNG has transparent colors", { remedy: "Save it without transparency." });
  if (png.palette) {
    if (png.palette.some((color) => color.length > 3 && color[3] !== 255))
      throw damaged(name, "the PNG has transparent colors", { remedy: "Save it without transparency." });
    const rgb = decoding(() => convertIndexedToRgb(png));
    const channels = rgb.length / (png.width * png.height);
    return channels === 3 ? Uint8Array.from(rgb) : withoutAlpha({ ...png, data: rgb, channels }, name);
  }
  if (png.channels === 2 || png.channels === 4) return withoutAlpha(png, name);
  return png.depth < 8 ? spread(png) : Uint8Array.from(png.data);
};

const decodeJpeg = async (bytes: Uint8Array, name: string, header: ImageHeader): Promise<Uint8Array> => {
  const { decode } = (await import("jpeg-js")).default;
  checkScans(bytes, name, header);
  try {
    const options = {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      // Those of the largest image that is read; a second frame in the file may not ask for more.
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

/** @throws DATA naming the file */
export const readPixels = async (file: DataFile, header: ImageHeader): Promise<Pixels> => {
  const bytes = readWhole(file, "");
  const { width, height, channels } = header;
  const data = await (header.format === "PNG" ? decodePng : decodeJpeg)(bytes, file.name, header);
  if (data.length !== width * height * channels)
    throw damaged(file.name, `it holds ${data.length} values, and its header says ${width} x ${height} x ${channels}`);
  return { data, width, height, channels };
};

/** By ITU-R 601, as Pillow's conversion to "L": (19595 R + 38470 G + 7471 B + 2^15) / 2^16. */
export const toGray = ({ data, width, height, channels }: Pixels): Pixels => {
  if (channels === 1) return { data, width, height, channels };
  const gray = Uint8Array.from(
    { length: width * height },
    (_, i) => (19595 * data[3 * i]! + 38470 * data[3 * i + 1]! + 7471 * data[3 * i + 2]! + 0x8000) >> 16,
  );
  return { data: gray, width, height, channels: 1 };
};

/** The share of each old pixel in each new one, along one axis. */
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
