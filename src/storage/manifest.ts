/** What a checkpoint consists of: size and SHA-256 of each file. Written last, in one spelling, so that any changed byte shows. */
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { readBytes, sha256Bytes } from "./files.js";
import { canonicalJson } from "./json.js";

export const MANIFEST = "MANIFEST.json";
const FORMAT = 1;

export const manifestOf = (step: number, files: Readonly<Record<string, Uint8Array>>): string => {
  const entries = Object.entries(files).map(([name, bytes]) => [
    name,
    { bytes: bytes.length, sha256: sha256Bytes(bytes) },
  ]);
  return `${canonicalJson({ format: FORMAT, step, files: Object.fromEntries(entries) })}\n`;
};

/**
 * The files of a folder, compared with its manifest: as it has one spelling, it is made again from what is there.
 * @throws NOT_FOUND, CHECKPOINT
 */
export const readManifest = (
  folder: string,
  step: number,
  names: readonly string[],
): { files: Readonly<Record<string, Uint8Array>>; sha256: string } => {
  const written = readBytes(join(folder, MANIFEST)).toString("latin1");
  const files = Object.fromEntries(names.map((name) => [name, readBytes(join(folder, name))]));
  if (written === manifestOf(step, files)) return { files, sha256: sha256Bytes(written) };
  const differing = names.find((name) => !written.includes(sha256Bytes(files[name]!)));
  const message = differing ? `${differing} and ${MANIFEST} do not match` : `${MANIFEST} is damaged`;
  throw new VaelabError("CHECKPOINT", { message, where: folder });
};
