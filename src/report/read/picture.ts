/** A PNG of samples/ as a data URI, which keeps the page self-contained; its size comes from the header (PNG 1.2, IHDR). */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { RUN_FILES, SAMPLE_FILES, type SampleLayout, samplerFile } from "../../storage/layout.js";
import { sampleLayoutGuard } from "../../storage/layout-guards.js";
import { readBytes } from "../../storage/read-file.js";
import { has, jsonPiece, missing, type Piece, pieceOf } from "./piece.js";

export interface Picture {
  uri: string;
  width: number;
  height: number;
}
export type PictureName = Exclude<keyof typeof SAMPLE_FILES, "latents" | "layout">;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A page holds it as base64, four bytes for three. */
export const LARGEST_PICTURE = 2 ** 25;

const pictureFrom = (bytes: Buffer): Picture => {
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error("it is not a PNG");
  return {
    uri: `data:image/png;base64,${bytes.toString("base64")}`,
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
  };
};

/** Recorded reason why the run could not write a file of samples/. */
export const reasonNotDrawn = (folder: string, file: string): string | undefined =>
  readSampleLayout(folder).notDrawn?.find((lost) => lost.file === file)?.reason;

const pictureIn = (folder: string, file: string): Piece<Picture> => {
  const reason = reasonNotDrawn(folder, file);
  if (reason !== undefined) return missing(`it could not be drawn: ${reason}`);
  return pieceOf(folder, `${RUN_FILES.samples}/${file}`, (path) => pictureFrom(readBytes(path, LARGEST_PICTURE)));
};

export const readPicture = (folder: string, name: PictureName): Piece<Picture> => pictureIn(folder, SAMPLE_FILES[name]);

export const readSamplerPicture = (folder: string, sampler: string, kind: "draws" | "means"): Piece<Picture> =>
  pictureIn(folder, samplerFile(sampler, kind));

/** If it is missing or damaged: plain grids, and no samplers. */
export const readSampleLayout = (folder: string): SampleLayout & { readonly damage?: string } => {
  const file = `${RUN_FILES.samples}/${SAMPLE_FILES.layout}`;
  const layout = jsonPiece<SampleLayout>(folder, file, sampleLayoutGuard);
  if (has(layout)) return layout.value;
  return { samplers: [], ...(existsSync(join(folder, file)) && { damage: layout.missing }) };
};
