/** Reads a JSON file of a run or sweep and validates it with a guard. */
import { VaelabError } from "../errors.js";
import { readVersioned } from "./format.js";
import type { Guard } from "./guards.js";

/**
 * @param guard validator of the type
 * @param limit in bytes. @throws NOT_FOUND, NOT_READABLE, FORMAT; RUN_FOLDER naming the first invalid member
 */
export const readGuarded = <T>(path: string, guard: Guard, limit?: number): T => {
  const value = readVersioned(path, limit);
  const fault = guard(value, "");
  if (fault === undefined) return value as T;
  throw new VaelabError("RUN_FOLDER", { message: fault, where: path, remedy: "Put the folder's own file back." });
};
