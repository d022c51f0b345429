/** Unfinished builds, their publication by one rename, and the remains of killed ones. */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { REPLACED } from "../../storage/files.js";
import { engineFolder } from "../folders.js";
import { isAlive, processName } from "./lock.js";

const BUILDING = ".building-";

/** Private build folder of this process. */
export const buildingFolder = (root: string): string => join(root, BUILDING + processName());

/** A program started by a killed installation may still write there; then the folder is left for next time. */
const removeLeftover = (folder: string): void => {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error;
  }
};

/** Removes the remains of killed installations and restores an engine that was being replaced. */
export const clearLeftovers = (root: string): void => {
  const final = engineFolder(root);
  for (const name of readdirSync(root)) {
    const prefix = [BUILDING, REPLACED].find((each) => name.startsWith(each));
    if (!prefix || isAlive(name.slice(prefix.length))) continue;
    if (prefix === REPLACED && !existsSync(final)) renameSync(join(root, name), final);
    else removeLeftover(join(root, name));
  }
};

/** Publishes the new engine. An old one is moved aside first, and back on failure. */
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
