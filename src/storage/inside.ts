/**
 * Paths that stay inside a folder of a run or sweep. Such a folder may come from anywhere; its files (`points[].folder`, the
 * ids of a plan) and its symbolic links could point outside.
 */
import { lstatSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { VaelabError } from "../errors.js";
import { RUN_FILES } from "./layout.js";
import { irregular, statsOf, systemReason } from "./read-file.js";

const leadsOut = (folder: string, path: string, why: string): VaelabError =>
  new VaelabError("RUN_FOLDER", {
    message: `${JSON.stringify(path)} leads outside this folder: ${why}`,
    where: folder,
    remedy: "Replace it with the original file or folder.",
  });

const isBelow = (path: string, folder: string): boolean => {
  const from = relative(folder, path);
  return from === "" || (!isAbsolute(from) && from.split(sep)[0] !== "..");
};

/** Final target of a link; undefined if it does not exist or cannot be reached. */
const targetOf = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemReason(error) === undefined) throw error;
    return undefined;
  }
};

/**
 * The folder joined with a path below it, which need not exist.
 * @throws RUN_FOLDER if the path is absolute, contains ".." or NUL, or crosses a symbolic link whose target is outside or
 * missing
 */
export const inside = (folder: string, path: string): string => {
  const parts = path.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  if (path.includes("\0")) throw leadsOut(folder, path, "it contains a NUL character");
  if (isAbsolute(path) || /^([/\\]|[A-Za-z]:)/.test(path)) throw leadsOut(folder, path, "it is an absolute path");
  if (parts.includes("..")) throw leadsOut(folder, path, 'it contains ".."');
  const root = targetOf(folder);
  let at = folder;
  for (const part of root === undefined ? [] : parts) {
    at = join(at, part);
    const status = statsOf(at, lstatSync);
    if (!status) break;
    if (!status.isSymbolicLink()) continue;
    const target = targetOf(at);
    const name = relative(folder, at);
    if (target === undefined) throw leadsOut(folder, path, `${name} is a broken link`);
    if (!isBelow(target, root!)) throw leadsOut(folder, path, `${name} is a link to a place outside`);
  }
  return join(folder, ...parts);
};

/** Folders that hold written files. */
const FOLDERS = [RUN_FILES.samples, RUN_FILES.checkpoints, RUN_FILES.evaluations] as const;
/** Files written in place. */
const FILES = [RUN_FILES.history, RUN_FILES.log] as const;

/**
 * @throws RUN_FOLDER if a file of the run would be written outside the folder, or is a pipe, a device or a folder: opening a pipe
 * waits for a reader that may never come
 */
export const assertContained = (run: string): void => {
  for (const name of FOLDERS) inside(run, name);
  for (const name of FILES) {
    const where = inside(run, name);
    const stats = statsOf(where);
    const message = stats && irregular(stats);
    if (message !== undefined)
      throw new VaelabError("RUN_FOLDER", {
        message,
        where,
        remedy: `Restore the original ${name}, or remove this one.`,
      });
  }
};
