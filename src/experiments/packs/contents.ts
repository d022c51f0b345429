/** Which files of a run folder a pack holds, and its manifest: size and SHA-256 of each. */
import { VaelabError } from "../../errors.js";
import { assertFormat, claimedFormat, FORMAT } from "../../storage/format.js";
import { canonicalJson, isObject, parseJson } from "../../storage/json.js";
import { RUN_FILES } from "../../storage/layout.js";
import { MANIFEST } from "../../storage/manifest.js";

export interface PackedFile {
  /** In bytes. */
  bytes: number;
  sha256: string;
}
/** By path from the run folder, with forward slashes. */
export type PackedFiles = Readonly<Record<string, PackedFile>>;

/** Limit of all files of a pack together, in bytes: that of a zip archive. */
export const LARGEST_PACK = 2 ** 32;
/** A pack may unpack to this many times its size. */
export const LARGEST_PACK_RATIO = 100;
/** Of a manifest, in bytes. */
export const LARGEST_MANIFEST = 2 ** 24;

const { samples, checkpoints, evaluations, evaluation: _, ...files } = RUN_FILES;
const FILES: ReadonlySet<string> = new Set(Object.values(files));
const FOLDERS: ReadonlySet<string> = new Set([samples, checkpoints, evaluations]);

/** Names of hidden files, streams of Windows and control characters are none of a run. */
const PART = /^(?!\.)[^\\/:\p{Cc}]+$/u;

/** Whether a path names a file of a run, rather than a lock or something that others put there. */
export const isOfRun = (path: string): boolean => {
  const parts = path.split("/");
  const isKnown = parts.length === 1 ? FILES.has(path) : FOLDERS.has(parts[0]!);
  return isKnown && parts.every((part) => PART.test(part));
};

/** Its length depends on names and sizes alone. */
export const manifestText = (packed: PackedFiles): string => `${canonicalJson({ format: FORMAT, files: packed })}\n`;

const isPackedFile = (value: unknown): value is PackedFile =>
  isObject(value) &&
  Number.isSafeInteger(value.bytes) &&
  Number(value.bytes) >= 0 &&
  typeof value.sha256 === "string" &&
  /^[0-9a-f]{64}$/.test(value.sha256);

/** @throws DATA unless it is the manifest of a run; FORMAT if a newer vaelab wrote it */
export const readManifestText = (text: string, archive: string): PackedFiles => {
  const where = `${archive}/${MANIFEST}`;
  const value = parseJson(text, where, "DATA");
  assertFormat(claimedFormat(value), where);
  const refuse = (message: string): VaelabError =>
    new VaelabError("DATA", { message, where, remedy: "Ask for the pack again." });
  if (!isObject(value) || !isObject(value.files)) throw refuse("it lists no files");
  const listed = new Set<string>();
  for (const [path, file] of Object.entries(value.files)) {
    if (!isPackedFile(file)) throw refuse(`it gives no size and SHA-256 for "${path}"`);
    if (!isOfRun(path)) throw refuse(`"${path}" is not a file of a run`);
    // Some file systems take names that differ in case alone for one.
    const folded = path.normalize("NFC").toLowerCase();
    if (listed.has(folded)) throw refuse(`"${path}" is listed twice, in upper and lower case`);
    listed.add(folded);
  }
  for (const path of listed)
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1))
      if (listed.has(path.slice(0, at))) throw refuse(`"${path.slice(0, at)}" is both a file and a folder`);
  for (const needed of [RUN_FILES.resolved, RUN_FILES.status, RUN_FILES.provenance])
    if (!Object.hasOwn(value.files, needed)) throw refuse(`it lists no ${needed}, which every run has`);
  return value.files as PackedFiles;
};
