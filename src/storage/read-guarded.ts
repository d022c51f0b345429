/** A JSON file of a run or a sweep, checked before anybody relies on it. */
import { VaelabError } from "../errors.js";
import type { Guard } from "./guards.js";
import { readJson } from "./json.js";

/**
 * @param guard what the type stands for
 * @param limit in bytes. @throws NOT_FOUND, NOT_READABLE; RUN_FOLDER naming the first member that is wrong
 */
export const readGuarded = <T>(path: string, guard: Guard, limit?: number): T => {
  const value = readJson(path, "RUN_FOLDER", limit);
  const fault = guard(value, "");
  if (fault === undefined) return value as T;
  throw new VaelabError("RUN_FOLDER", { message: fault, where: path, remedy: "Put the folder's own file back." });
};
