/**
 * The format version of run and sweep folders. Every JSON file of a folder carries it as "format", and so does every line of
 * history.jsonl and plan.jsonl, because an older version may have written the first lines of a file and this one the rest. Arrays and
 * tensors have the version of the JSON that is written with them.
 *
 *     1  files have no version (the first vaelab 0.1.0)
 *     2  every file has a version
 *     3  history.jsonl declares its figures, which say what each logged value is
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { writeFileAtomically } from "./files.js";
import { isObject, readJson } from "./json.js";

/** The format that this version writes. It reads this format and all earlier ones. */
export const FORMAT = 3;
const UNNUMBERED = 1;

/** @throws FORMAT if a newer version wrote it; RUN_FOLDER if it is not a format version */
export const assertFormat = (format: unknown, where: string): void => {
  if (!Number.isSafeInteger(format) || Number(format) < UNNUMBERED)
    throw new VaelabError("RUN_FOLDER", {
      message: `invalid format version: ${JSON.stringify(format)}`,
      where,
      remedy: "Restore the original file.",
    });
  if (Number(format) > FORMAT)
    throw new VaelabError("FORMAT", {
      message: `written by a newer vaelab (format ${format}; this one reads up to ${FORMAT})`,
      where,
      remedy: "Update vaelab.",
    });
};

/** The format that a value read from JSON claims, valid or not. */
export const claimedFormat = (value: unknown): unknown =>
  isObject(value) && Object.hasOwn(value, "format") ? value.format : UNNUMBERED;

/** A value read from JSON without its format version. @throws FORMAT, RUN_FOLDER */
export const withoutFormat = (value: unknown, where: string): unknown => {
  if (!isObject(value) || !Object.hasOwn(value, "format")) return value;
  const { format, ...rest } = value;
  assertFormat(format, where);
  return rest;
};

/** A JSON file of a run or sweep folder, without its format version. @throws NOT_FOUND, NOT_READABLE, RUN_FOLDER, FORMAT */
export const readVersioned = (path: string, limit?: number): unknown =>
  withoutFormat(readJson(path, "RUN_FOLDER", limit), path);

/** @param value an object; a spec that is not an object is written unchanged. @throws NOT_WRITABLE */
export const writeVersioned = (path: string, value: unknown): void => {
  const versioned = isObject(value) ? { format: FORMAT, ...value } : value;
  writeFileAtomically(path, `${JSON.stringify(versioned, null, 2)}\n`);
};

/** Names that metrics.json and history.jsonl had before format 1. */
const BEFORE_FORMATS = ["tradeoff.json", "metrics.jsonl"];

/** @throws FORMAT if a folder is older than the first format with a version */
export const assertNotOutdated = (folder: string): void => {
  const file = BEFORE_FORMATS.find((name) => existsSync(join(folder, name)));
  if (file === undefined) return;
  throw new VaelabError("FORMAT", {
    message: `${file} was written by a vaelab that is too old for this one to read`,
    where: folder,
    remedy: "Run its spec again, or use the vaelab that wrote it.",
  });
};
