/** Reads a JSON file of a run or sweep and validates it with a guard. */
import { VaelabError } from "../errors.js";
import { claimedFormat, withoutFormat } from "./format.js";
import type { Guard } from "./guards.js";
import { readJson } from "./json.js";

/**
 * @param guard validator of the type
 * @param limit in bytes. @throws NOT_FOUND, NOT_READABLE, FORMAT; RUN_FOLDER naming the first invalid member
 */
export const readGuardedAs = <T>(path: string, guard: Guard, limit?: number): { format: number; value: T } => {
  const written = readJson(path, "RUN_FOLDER", limit);
  const value = withoutFormat(written, path);
  const fault = guard(value, "");
  if (fault === undefined) return { format: Number(claimedFormat(written)), value: value as T };
  throw new VaelabError("RUN_FOLDER", { message: fault, where: path, remedy: "Restore the original file." });
};

/** The same for a file without a format version. */
export const readGuarded = <T>(path: string, guard: Guard, limit?: number): T =>
  readGuardedAs<T>(path, guard, limit).value;
