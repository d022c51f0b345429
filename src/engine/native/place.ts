/** Builds under way, their end and what is left of those that were killed: the engine's name is given by one rename. */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { engineFolder } from "../folders.js";
import { isAlive, processName } from "./lock.js";

const BUILDING = ".building-";
const REPLACED = ".replaced-";

/** Where this process, and no other, builds. */
export const buildingFolder = (root: string): string => join(root, BUILDING + processName());

/** A program that a killed installation had started may still write there for a while: then it is left for the next time. */
const removeLeftover = (folder: string): void => {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error;
  }
};

/** Removes what killed installations left; an engine that was being replaced when that happened comes back. */
export const clearLeftovers = (root: string): void => {
  const final = engineFolder(root);
  for (const name of readdirSync(root)) {
    const prefix = [BUILDING, REPLACED].find((each) => name.startsWith(each));
    if (!prefix || isAlive(name.slice(prefix.length))) continue;
    if (prefix === REPLACED && !existsSync(final)) renameSync(join(root, name), final);
    else removeLeftover(join(root, name));
  }
};

/** The new engine gets its name; one that had it is moved aside first, and back when that fails. */
export const putInPlace = (building: string, root: string): void => {
  const final = engineFolder(root);
  const aside = join(root, REPLACED + processName());
  const replaces = existsSync(final);
  if (replaces) renameSync(final, aside);
  try {
    renameSync(building, final);
  } catch (error) {
    if (replaces) renameSync(aside, final);
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
};
