/** A PNG of samples/ as a data URI, so that the page asks for nothing; its size is read from the header (PNG 1.2, IHDR). */
import { readBytes } from "../../core/run-folder/files.js";
import { RUN_FILES, SAMPLE_FILES } from "../../core/run-folder/layout.js";
import { type Piece, pieceOf } from "./piece.js";

export interface Picture {
  uri: string;
  width: number;
  height: number;
}
export type PictureName = Exclude<keyof typeof SAMPLE_FILES, "latents">;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const pictureFrom = (bytes: Buffer): Picture => {
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error("it is not a PNG");
  return {
    uri: `data:image/png;base64,${bytes.toString("base64")}`,
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
  };
};

export const readPicture = (folder: string, name: PictureName): Piece<Picture> =>
  pieceOf(folder, `${RUN_FILES.samples}/${SAMPLE_FILES[name]}`, (path) => pictureFrom(readBytes(path)));
