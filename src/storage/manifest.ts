/**
 * Manifest of a checkpoint: size and SHA-256 of each file. Written last in canonical JSON, so that any changed byte is
 * detected.
 */
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { sha256Bytes } from "./files.js";
import { FORMAT } from "./format.js";
import { canonicalJson } from "./json.js";
import { readBytes, statsOf } from "./read-file.js";

export const MANIFEST = "MANIFEST.json";

/** @param format of the files */
export const manifestOf = (step: number, files: Readonly<Record<string, Uint8Array>>, format = FORMAT): string => {
  const entries = Object.entries(files).map(([name, bytes]) => [
    name,
    { bytes: bytes.length, sha256: sha256Bytes(bytes) },
  ]);
  return `${canonicalJson({ format, step, files: Object.fromEntries(entries) })}\n`;
};

const LARGEST = 2 ** 20;
const mismatch = (folder: string, file: string): VaelabError =>
  new VaelabError("CHECKPOINT", { message: `${file} and ${MANIFEST} do not match`, where: folder });

/**
 * Files of a folder, verified against its manifest. The manifest is canonical, so it is recomputed from the files and
 * compared.
 * @throws NOT_FOUND, NOT_READABLE, CHECKPOINT
 */
export const readManifest = (
  folder: string,
  step: number,
  names: readonly string[],
): { files: Readonly<Record<string, Uint8Array>>; sha256: string; format: number } => {
  const written = readBytes(join(folder, MANIFEST), LARGEST).toString("latin1");
  const damagedManifest = (): VaelabError =>
    new VaelabError("CHECKPOINT", { message: `${MANIFEST} is damaged`, where: folder });
  const format = Number(/"format":([1-9]\d{0,8})\b/.exec(written)?.[1] ?? 0);
  for (const name of names) {
    // Detects a file that has grown before reading it to the end.
    const claimed = new RegExp(`"${name}":{"bytes":(\\d{1,15}),`).exec(written)?.[1];
    if (claimed === undefined) throw damagedManifest();
    const size = statsOf(join(folder, name))?.size ?? 0;
    if (size > Number(claimed)) throw mismatch(folder, name);
  }
  const files = Object.fromEntries(names.map((name) => [name, readBytes(join(folder, name))]));
  if (written === manifestOf(step, files, format)) return { files, sha256: sha256Bytes(written), format };
  const differing = names.find((name) => !written.includes(sha256Bytes(files[name]!)));
  if (differing) throw mismatch(folder, differing);
  throw damagedManifest();
};
