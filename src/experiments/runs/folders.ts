/** Chooses the folder of a run or sweep: always a new one unless it is resumed. */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { VaelabError } from "../../errors.js";
import { asNotWritable } from "../../storage/files.js";
import { assertNotOutdated } from "../../storage/format.js";
import { RUN_FILES, SWEEP_FILES } from "../../storage/layout.js";
import { lockHolder } from "../../storage/lock.js";
import { readFolder } from "../../storage/read-file.js";

/** A lock, and what is written before resolved.json or plan.jsonl: a process was killed before its run had begun. */
const UNBEGUN = /^\.lock-|^(provenance|spec|resolved|sweep|plan)\.jsonl?\.tmp-|^(provenance|spec|sweep)\.json$/;
const hasNotBegun = (folder: string): boolean => {
  const names = readFolder(folder);
  return names.some((name) => name.startsWith(".lock-")) && names.every((name) => UNBEGUN.test(name));
};
/** @throws NOT_WRITABLE: a run is to be written there */
const isFree = (folder: string): boolean => {
  try {
    return readFolder(folder).length === 0 || hasNotBegun(folder);
  } catch (error) {
    throw error instanceof VaelabError && error.code === "NOT_READABLE" ? asNotWritable(error.cause, folder) : error;
  }
};

/** @throws RUN_FOLDER if `out` is given and not empty; NOT_WRITABLE. */
export const newFolder = (kind: "runs" | "sweeps", name: string, id: string, out?: string): string => {
  if (out !== undefined) {
    const folder = resolve(out);
    if (isFree(folder)) return folder;
    const known = kindOf(folder);
    throw new VaelabError("RUN_FOLDER", {
      message: `the folder is not empty${known ? `: it holds a ${known}` : ""}`,
      where: out,
      remedy: known
        ? `Continue it with "vaelab resume ${out}", or give --out another folder.`
        : "Give --out another folder.",
    });
  }
  for (let copy = 1; ; copy++) {
    const folder = resolve(kind, copy === 1 ? `${name}-${id}` : `${name}-${id}-${copy}`);
    if (existsSync(folder) && (!statSync(folder).isDirectory() || lockHolder(folder))) continue;
    if (isFree(folder)) return folder;
  }
};

/** What a folder holds, by the files that are written first. */
export const kindOf = (folder: string): "run" | "sweep" | undefined =>
  existsSync(join(folder, SWEEP_FILES.plan))
    ? "sweep"
    : existsSync(join(folder, RUN_FILES.resolved))
      ? "run"
      : undefined;

/** @throws NOT_FOUND, RUN_FOLDER, FORMAT */
export const knownFolder = (folder: string): { folder: string; kind: "run" | "sweep" } => {
  const path = resolve(folder);
  if (!existsSync(path)) throw new VaelabError("NOT_FOUND", { message: "there is no such folder", where: folder });
  if (!statSync(path).isDirectory())
    throw new VaelabError("RUN_FOLDER", {
      message: "this is a file, not the folder of a run or a sweep",
      where: folder,
    });
  assertNotOutdated(path);
  const kind = kindOf(path);
  if (!kind) {
    throw new VaelabError("RUN_FOLDER", {
      message: "this is neither a run nor a sweep",
      where: folder,
      remedy: hasNotBegun(path)
        ? `It was stopped before it had begun: start it again with --out ${folder}.`
        : `A run holds ${RUN_FILES.resolved}, a sweep ${SWEEP_FILES.plan}.`,
    });
  }
  return { folder: path, kind };
};

/** Path of a run's folder. @throws NOT_FOUND, FORMAT; RUN_FOLDER for anything else, a sweep included */
export const knownRun = (run: string): string => {
  const { folder, kind } = knownFolder(run);
  if (kind === "run") return folder;
  throw new VaelabError("RUN_FOLDER", {
    message: "this is a sweep",
    where: run,
    remedy: "Name one of its trials: trials/ID/attempt-N.",
  });
};
