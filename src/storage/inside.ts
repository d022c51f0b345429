/**
 * Paths that stay inside a folder of a run or sweep. Such a folder may come from anywhere, and both its files (`points[].folder`,
 * the ids of a plan) and its symbolic links could lead out of it.
 */
import { lstatSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { VaelabError } from "../errors.js";
import { RUN_FILES } from "./layout.js";

const leadsOut = (folder: string, path: string, why: string): VaelabError =>
  new VaelabError("RUN_FOLDER", {
    message: `${JSON.stringify(path)} leads out of this folder: ${why}`,
    where: folder,
    remedy: "Put the folder's own file or folder in its place.",
  });

const isBelow = (path: string, folder: string): boolean => {
  const from = relative(folder, path);
  return from === "" || (!isAbsolute(from) && from.split(sep)[0] !== "..");
};

/** Where a link leads in the end; undefined where nothing is there. */
const targetOf = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR") return undefined;
    throw error;
  }
};

/**
 * The folder joined with a path below it, which need not exist.
 * @throws RUN_FOLDER where the path is absolute, holds ".." or NUL, or passes a symbolic link whose target lies outside or is missing
 */
export const inside = (folder: string, path: string): string => {
  const parts = path.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  if (path.includes("\0")) throw leadsOut(folder, path, "it holds a NUL");
  if (isAbsolute(path) || /^([/\\]|[A-Za-z]:)/.test(path)) throw leadsOut(folder, path, "it is absolute");
  if (parts.includes("..")) throw leadsOut(folder, path, 'it holds ".."');
  const root = targetOf(folder);
  let at = folder;
  for (const part of root === undefined ? [] : parts) {
    at = join(at, part);
    const status = lstatSync(at, { throwIfNoEntry: false });
    if (!status) break;
    if (!status.isSymbolicLink()) continue;
    const target = targetOf(at);
    const name = relative(folder, at);
    if (target === undefined) throw leadsOut(folder, path, `${name} is a link to nothing`);
    if (!isBelow(target, root!)) throw leadsOut(folder, path, `${name} is a link to elsewhere`);
  }
  return join(folder, ...parts);
};

/** What is written in place, or holds what is written. */
const WRITTEN = [
  RUN_FILES.samples,
  RUN_FILES.checkpoints,
  RUN_FILES.evaluations,
  RUN_FILES.history,
  RUN_FILES.log,
] as const;

/** @throws RUN_FOLDER where something that a run writes to would be written elsewhere. */
export const assertContained = (run: string): void => {
  for (const name of WRITTEN) inside(run, name);
};
