/**
 * The format version of run and sweep folders. Every JSON file of a folder carries it as "format", and so does every line of
 * history.jsonl and plan.jsonl, so that a file which an older version began and this one goes on with says it line by line. The
 * arrays and tensors beside them are as new as the JSON that is written with them.
 *
 *     1  no file has a number (vaelab 0.1.0 before it had any)
 *     2  every file has one
 *     3  history.jsonl declares its figures: what each logged value is
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { writeFileAtomically } from "./files.js";
import { isObject, readJson } from "./json.js";

/** What this version writes. It reads every format up to this one. */
export const FORMAT = 3;
const UNNUMBERED = 1;

/** @throws FORMAT where a newer version wrote it, RUN_FOLDER where it is no format version */
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

/** The format that a value read from JSON claims, sound or not. */
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

/** @param value an object; a spec that is not one is written as it is. @throws NOT_WRITABLE */
export const writeVersioned = (path: string, value: unknown): void => {
  const versioned = isObject(value) ? { format: FORMAT, ...value } : value;
  writeFileAtomically(path, `${JSON.stringify(versioned, null, 2)}\n`);
};

/** Names that metrics.json and history.jsonl had before format 1. */
const BEFORE_FORMATS = ["tradeoff.json", "metrics.jsonl"];

/** @throws FORMAT where a folder is older than any format that has a number */
export const assertNotOutdated = (folder: string): void => {
  const file = BEFORE_FORMATS.find((name) => existsSync(join(folder, name)));
  if (file === undefined) return;
  throw new VaelabError("FORMAT", {
    message: `${file} was written by a vaelab that is too old for this one to read`,
    where: folder,
    remedy: "Run its spec again, or use the vaelab that wrote it.",
  });
};
