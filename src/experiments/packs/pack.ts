/** Packs a finished run into one file, which `unpackRun` makes a run folder of again. Equal runs give equal bytes. */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { VaelabError } from "../../errors.js";
import { makeFolder, REPLACED, TEMPORARY } from "../../storage/files.js";
import { assertFinished } from "../../storage/finished-run.js";
import { RUN_FILES, type RunMetrics } from "../../storage/layout.js";
import { runMetricsGuard } from "../../storage/layout-guards.js";
import { assertNotBusy } from "../../storage/lock.js";
import { MANIFEST } from "../../storage/manifest.js";
import { checkpointName, readPointer } from "../../storage/pointer.js";
import { irregular, readFolder } from "../../storage/read-file.js";
import { readGuarded } from "../../storage/read-guarded.js";
import { ZipStream } from "../../storage/zip-stream.js";
import { knownRun } from "../runs/folders.js";
import { isOfRun, manifestText, type PackedFile } from "./contents.js";

export interface PackOptions {
  run: string;
  /** A .zip; by default the name of the folder, in the working folder. */
  out?: string;
  /** "evaluated": only the checkpoint that the figures are of. */
  checkpoints?: "evaluated" | "all";
}
export interface Packed {
  file: string;
  /** Number of files, without the manifest. */
  files: number;
  bytes: number;
}

const refuse = (message: string, where: string, remedy: string): VaelabError =>
  new VaelabError("RUN_FOLDER", { message, where, remedy });

/** Paths and sizes of all files below the folder. @throws RUN_FOLDER for a link, a pipe, a device or a socket */
const filesBelow = function* (folder: string, path = ""): Generator<[path: string, size: number]> {
  for (const name of readFolder(join(folder, path))) {
    const below = path === "" ? name : `${path}/${name}`;
    const where = join(folder, below);
    const stats = lstatSync(where);
    if (stats.isSymbolicLink()) throw refuse("this is a link", where, "Replace it with the file, or remove it.");
    if (stats.isDirectory()) yield* filesBelow(folder, below);
    else {
      const reason = irregular(stats);
      if (reason !== undefined) throw refuse(reason, where, "Remove it.");
      yield [below, stats.size];
    }
  }
};

/** Whether a file under checkpoints/ belongs to the checkpoint of a step: LATEST may name another, which is then not packed. */
const ofCheckpoint = (folder: string, step: number): ((path: string) => boolean) => {
  const checkpoints = join(folder, RUN_FILES.checkpoints);
  const pointers = { BEST: readPointer(checkpoints, "best"), LATEST: readPointer(checkpoints, "latest") };
  const kept = Object.entries(pointers).flatMap(([name, pointed]) => (pointed === step ? [name] : []));
  return (path) => {
    const [top, inner] = path.split("/");
    return top !== RUN_FILES.checkpoints || inner === checkpointName(step) || kept.includes(inner!);
  };
};

/** Of the files to pack, by path, in the order of the archive. */
const sizesIn = (folder: string, checkpoints: "evaluated" | "all"): Map<string, number> => {
  const { step } = readGuarded<RunMetrics>(join(folder, RUN_FILES.metrics), runMetricsGuard).checkpoint;
  const isWanted = checkpoints === "all" ? () => true : ofCheckpoint(folder, step);
  const isLeftover = (path: string): boolean => path.includes(TEMPORARY) || path.includes(REPLACED);
  const found = [...filesBelow(folder)].filter(([path]) => isOfRun(path) && !isLeftover(path) && isWanted(path));
  const evaluated = `${RUN_FILES.checkpoints}/${checkpointName(step)}`;
  if (!found.some(([path]) => path === `${evaluated}/${MANIFEST}`))
    throw new VaelabError("CHECKPOINT", {
      message: "the evaluated checkpoint is missing",
      where: join(folder, evaluated),
      remedy: "Restore it.",
    });
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
};

const BLOCK = 2 ** 20;
/** Appends a file to the archive. @throws RUN_BUSY if its size is no longer the same */
const append = (zip: ZipStream, folder: string, path: string, size: number): PackedFile => {
  const where = join(folder, path);
  const changed = (): VaelabError =>
    new VaelabError("RUN_BUSY", { message: "it changed while it was packed", where, remedy: "Pack the run again." });
  const hash = createHash("sha256");
  const block = Buffer.alloc(BLOCK);
  const descriptor = openSync(where, "r");
  try {
    if (fstatSync(descriptor).size !== size) throw changed();
    for (let done = 0; done < size; ) {
      const count = readSync(descriptor, block, 0, Math.min(BLOCK, size - done), done);
      if (count === 0) throw changed();
      hash.update(block.subarray(0, count));
      zip.append(path, block.subarray(0, count));
      done += count;
    }
  } finally {
    closeSync(descriptor);
  }
  return { bytes: size, sha256: hash.digest("hex") };
};

const targetOf = (folder: string, out = `${basename(folder)}.zip`): string => {
  const path = resolve(out);
  const below = relative(folder, path);
  const usage = (message: string, remedy: string): VaelabError =>
    new VaelabError("USAGE", { message, where: `--out ${out}`, remedy });
  if (extname(path) !== ".zip") throw usage("a pack is a .zip file", "Let its name end in .zip.");
  if (!below.startsWith("..") && resolve(below) !== below)
    throw usage("a pack cannot lie in the folder that it packs", "Name a file elsewhere.");
  return path;
};

/**
 * Writes a finished run to one file.
 * @throws NOT_FOUND; RUN_FOLDER for a sweep, a run that has not finished, and a link in the folder; RUN_BUSY; CHECKPOINT;
 * USAGE; NOT_WRITABLE. There is then no new file.
 */
export const packRun = ({ run, out, checkpoints = "evaluated" }: PackOptions): Packed => {
  const folder = knownRun(run);
  assertNotBusy(folder);
  assertFinished(folder);
  const file = targetOf(folder, out);
  const sizes = sizesIn(folder, checkpoints);
  const blank = [...sizes].map(([path, bytes]): [string, PackedFile] => [path, { bytes, sha256: "0".repeat(64) }]);
  const manifest = { name: MANIFEST, size: Buffer.byteLength(manifestText(Object.fromEntries(blank))) };
  const members = [...sizes].map(([name, size]) => ({ name, size }));
  makeFolder(dirname(file));
  const zip = new ZipStream(file, [manifest, ...members], {
    subject: "the files of the run take",
    container: "a pack",
    remedy: "Remove evaluations or samples that are not needed.",
  });
  try {
    const packed = members.map(({ name, size }) => [name, append(zip, folder, name, size)] as const);
    zip.append(MANIFEST, Buffer.from(manifestText(Object.fromEntries(packed))));
    zip.close();
  } finally {
    zip.discard();
  }
  return { file, files: members.length, bytes: members.reduce((sum, { size }) => sum + size, 0) };
};
