/** A PNG of samples/ as a data URI, so that the page asks for nothing; its size is read from the header (PNG 1.2, IHDR). */

import { isObject } from "../../storage/json.js";
import { RUN_FILES, SAMPLE_FILES, type SampleLayout, samplerFile } from "../../storage/layout.js";
import { readBytes } from "../../storage/read-file.js";
import { contentOf, jsonPiece, missing, type Piece, pieceOf } from "./piece.js";

export interface Picture {
  uri: string;
  width: number;
  height: number;
}
export type PictureName = Exclude<keyof typeof SAMPLE_FILES, "latents" | "layout">;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A page holds it as base64, four bytes for three. */
const LARGEST = 2 ** 25;

const pictureFrom = (bytes: Buffer): Picture => {
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error("it is not a PNG");
  return {
    uri: `data:image/png;base64,${bytes.toString("base64")}`,
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
  };
};

/** Why the run could not make a file of samples/, where it says so. */
export const reasonNotDrawn = (folder: string, file: string): string | undefined =>
  readSampleLayout(folder).notDrawn?.find((lost) => lost.file === file)?.reason;

const pictureIn = (folder: string, file: string): Piece<Picture> => {
  const reason = reasonNotDrawn(folder, file);
  if (reason !== undefined) return missing(`it could not be drawn: ${reason}`);
  return pieceOf(folder, `${RUN_FILES.samples}/${file}`, (path) => pictureFrom(readBytes(path, LARGEST)));
};

export const readPicture = (folder: string, name: PictureName): Piece<Picture> => pictureIn(folder, SAMPLE_FILES[name]);

export const readSamplerPicture = (folder: string, sampler: string, kind: "draws" | "means"): Piece<Picture> =>
  pictureIn(folder, samplerFile(sampler, kind));

type Columns = NonNullable<SampleLayout["columns"]>;
/** With names that are none left out. */
const withNames = ({ names, ...columns }: Columns): Columns => ({
  ...columns,
  ...(Array.isArray(names) && { names }),
});

const isNumber = (value: unknown): value is number => typeof value === "number";
const isLost = (value: unknown): boolean =>
  isObject(value) && typeof value.file === "string" && typeof value.reason === "string";

/** Runs that left none, or one that says something else, have plain grids and no samplers. */
export const readSampleLayout = (folder: string): SampleLayout => {
  const found = contentOf(jsonPiece<SampleLayout>(folder, `${RUN_FILES.samples}/${SAMPLE_FILES.layout}`, ["samplers"]));
  if (!Array.isArray(found?.samplers)) return { samplers: [] };
  const { columns, channels } = found;
  return {
    ...(Array.isArray(columns?.classes) && { columns: withNames(columns) }),
    ...(found.images === false && { images: false as const }),
    ...(isNumber(channels?.of) && isNumber(channels.drawn) && { channels }),
    ...(Array.isArray(found.notDrawn) && { notDrawn: found.notDrawn.filter(isLost) }),
    // Names are parts of file names.
    samplers: found.samplers.filter((name) => typeof name === "string" && /^[\w-]+$/.test(name)),
  };
};
