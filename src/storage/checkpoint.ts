/**
 * Atomic checkpoints. A checkpoint is written under a temporary name, its manifest last, then renamed; only then do the
 * pointers move, BEST before LATEST. A run that is killed in between resumes from the previous LATEST and writes the same
 * bytes again. LATEST, one sound predecessor and BEST are kept.
 *
 *     checkpoints/step-N/{model.safetensors, optimizer.safetensors, state.json, MANIFEST.json}   checkpoints/{LATEST, BEST}
 */
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import {
  cleanLeftovers,
  makeFolder,
  publishFolder,
  sha256Bytes,
  syncFolder,
  temporaryName,
  writeNewFile,
} from "./files.js";
import { claimedFormat, FORMAT, withoutFormat } from "./format.js";
import { assertContained, inside } from "./inside.js";
import { canonicalJson, parseJson } from "./json.js";
import { RUN_FILES } from "./layout.js";
import { MANIFEST, manifestOf, readManifest } from "./manifest.js";
import { checkpointName, hasPointer, readPointer, stepOf, writePointer } from "./pointer.js";
import { readFolder } from "./read-file.js";
import { decodeSafetensors, encodeSafetensors, type HostTensor, type HostTensors } from "./safetensors.js";

export interface CheckpointContents {
  /** Parameters and statistics. */
  model: HostTensors;
  /** Optimizer slots. */
  optimizer: HostTensors;
  /** Counters, streams, schedule states, the byte offset of history.jsonl, ...: JSON. */
  state: object;
}
export interface Checkpoint {
  step: number;
  model: Readonly<Record<string, HostTensor>>;
  optimizer: Readonly<Record<string, HostTensor>>;
  state: unknown;
  /** SHA-256 of the manifest, which lists the hashes of all files. Equal for equal checkpoints. */
  sha256: string;
}
/** Receives what was skipped, and why. */
export type Warn = (message: string) => void;

const FILES = { model: "model.safetensors", optimizer: "optimizer.safetensors", state: "state.json" } as const;

const checkpointsIn = (run: string): string => inside(run, RUN_FILES.checkpoints);
export const checkpointFolder = (run: string, step: number): string => join(checkpointsIn(run), checkpointName(step));

/** Steps that have a folder, newest first, without verification. */
export const checkpointSteps = (run: string): number[] =>
  readFolder(checkpointsIn(run))
    .map(stepOf)
    .filter((step) => step !== undefined)
    .sort((a, b) => b - a);

/** Verifies all files against the manifest before parsing any. @throws VaelabError that names the damaged file. */
const load = (run: string, step: number): Checkpoint => {
  const folder = checkpointFolder(run, step);
  const { files, sha256, format } = readManifest(folder, step, Object.values(FILES));
  const bytesOf = (file: string): Uint8Array => files[file]!;
  const pathOf = (file: string): string => join(folder, file);
  const state = parseJson(Buffer.from(bytesOf(FILES.state)).toString("utf8"), pathOf(FILES.state));
  // A changed byte in the manifest is damage, not another format.
  if (claimedFormat(state) !== format)
    throw new VaelabError("CHECKPOINT", { message: `${MANIFEST} is damaged`, where: folder });
  return {
    step,
    model: decodeSafetensors(bytesOf(FILES.model), pathOf(FILES.model)),
    optimizer: decodeSafetensors(bytesOf(FILES.optimizer), pathOf(FILES.optimizer)),
    state: withoutFormat(state, folder),
    sha256,
  };
};

/** @returns undefined, after a warning, if it is damaged or missing. */
const tryLoad = (run: string, step: number, warn: Warn): Checkpoint | undefined => {
  try {
    return load(run, step);
  } catch (error) {
    if (!(error instanceof VaelabError) || error.code === "FORMAT") throw error;
    warn(`skipped the checkpoint of step ${step}: ${error.message}`);
    return undefined;
  }
};

/** Renamed first, then deleted, so that nobody sees a partial folder. */
const remove = (path: string): void => {
  const aside = temporaryName(path);
  renameSync(path, aside);
  rmSync(aside, { recursive: true, force: true });
};

/**
 * Removes all checkpoints but the latest, the best and a sound one before the latest.
 * @param wanted the one before; null for none. By default, or if it is damaged, the newest sound one.
 */
const prune = (run: string, latest: number, wanted: number | null | undefined): void => {
  const folder = checkpointsIn(run);
  const best = readPointer(folder, "best");
  if (best === undefined && hasPointer(folder, "best")) return; // A damaged pointer names no checkpoint.
  const keep = new Set([latest, best]);
  const others = checkpointSteps(run).filter((step) => step !== latest);
  const isSound = (step: number): boolean => step < latest && tryLoad(run, step, () => {}) !== undefined;
  const byChoice = others.filter((step) => step === wanted);
  const previous = wanted === null ? undefined : [...byChoice, ...others].find(isSound);
  for (const step of others) if (!keep.has(step) && step !== previous) remove(join(folder, checkpointName(step)));
  syncFolder(folder);
};

/**
 * @param run run folder, whose lock the caller holds.
 * @param which "best" moves the BEST pointer here as well.
 * @param previous checkpoint to keep as well if it is sound; null for none. By default, or if it is damaged, the newest sound
 * one.
 * @returns the manifest's SHA-256.
 * @throws NOT_WRITABLE, with the checkpoints unchanged.
 */
export const writeCheckpoint = (
  run: string,
  step: number,
  contents: CheckpointContents,
  which?: "best",
  previous?: number | null,
): string => {
  const folder = checkpointsIn(run);
  makeFolder(folder);
  cleanLeftovers(folder);
  const files = {
    [FILES.model]: encodeSafetensors(contents.model),
    [FILES.optimizer]: encodeSafetensors(contents.optimizer),
    [FILES.state]: Buffer.from(`${canonicalJson({ format: FORMAT, ...contents.state })}\n`),
  };
  const manifest = manifestOf(step, files);
  const final = join(folder, checkpointName(step));
  const temporary = temporaryName(final);
  try {
    makeFolder(temporary);
    for (const [name, bytes] of Object.entries(files)) writeNewFile(join(temporary, name), bytes);
    writeNewFile(join(temporary, MANIFEST), manifest);
    publishFolder(temporary, final);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
  if (which === "best") writePointer(folder, "best", step);
  writePointer(folder, "latest", step);
  prune(run, step, previous);
  return sha256Bytes(manifest);
};

/** Removes incomplete work of a killed process. Requires the run's lock, before the run continues. @throws RUN_FOLDER */
export const cleanRunFolder = (run: string): void => {
  assertContained(run);
  for (const folder of [run, checkpointsIn(run), join(run, RUN_FILES.samples)])
    if (existsSync(folder)) cleanLeftovers(folder);
};

/**
 * Removes older checkpoints that a killed process should have removed after it wrote the latest. Requires the run's lock.
 * @param latest step that the run resumes from; if LATEST names another, nothing is removed.
 * @param isKept whether a checkpoint with this state stays when a newer one is written.
 */
export const finishPruning = (run: string, latest: number, isKept: (state: unknown, step: number) => boolean): void => {
  if (readPointer(checkpointsIn(run), "latest") !== latest) return;
  const previous = checkpointSteps(run).find((step) => {
    const found = step < latest && tryLoad(run, step, () => {});
    return found && isKept(found.state, step);
  });
  prune(run, latest, previous ?? null);
};

/**
 * Restores BEST to the value recorded in the checkpoint that the run resumes from, because a killed process may have moved it
 * too early or too late.
 */
export const restoreBest = (run: string, step: number): void => {
  const folder = checkpointsIn(run);
  if (readPointer(folder, "best") !== step && checkpointSteps(run).includes(step)) writePointer(folder, "best", step);
};

const readLatest = (run: string, warn: Warn): Checkpoint | undefined => {
  const pointed = readPointer(checkpointsIn(run), "latest");
  const steps = checkpointSteps(run);
  if (pointed === undefined && steps.length > 0)
    warn("the LATEST pointer is damaged or missing: using the newest checkpoint");
  if (pointed !== undefined && !steps.includes(pointed))
    warn(`skipped the checkpoint of step ${pointed}: its folder is missing`);
  const announced = steps.filter((step) => pointed === undefined || step <= pointed);
  // A step after LATEST is complete but LATEST does not name it yet; use it as the last resort.
  const unannounced = steps.filter((step) => !announced.includes(step));
  for (const step of [...announced, ...unannounced]) {
    const found = tryLoad(run, step, warn);
    if (found) return found;
  }
  return undefined;
};

const missing = (run: string, message: string, remedy: string, cause?: unknown): VaelabError =>
  new VaelabError("CHECKPOINT", { message, where: checkpointsIn(run), remedy }, { cause });

/**
 * Reads without writing, so that it works on active runs.
 * @param which "latest" falls back to an older checkpoint, with a warning, if the newest is damaged; the others do not.
 * @throws CHECKPOINT if no checkpoint matches its manifest; FORMAT if a newer vaelab wrote it.
 */
export const readCheckpoint = (run: string, which: "latest" | "best" | number, warn: Warn): Checkpoint => {
  if (which === "latest") {
    const found = readLatest(run, warn);
    if (found) return found;
    const some = checkpointSteps(run).length > 0;
    throw missing(
      run,
      some ? "no checkpoint matches its manifest" : "there is no checkpoint yet",
      "Start the run again.",
    );
  }
  const step = which === "best" ? readPointer(checkpointsIn(run), "best") : which;
  const name = which === "best" ? "best checkpoint" : `checkpoint of step ${which}`;
  if (step === undefined)
    throw missing(run, "no best checkpoint is recorded, or its pointer is damaged", "Use the latest one.");
  try {
    return load(run, step);
  } catch (error) {
    if (!(error instanceof VaelabError) || error.code === "FORMAT") throw error;
    const reason = error.code === "NOT_FOUND" ? "is missing or incomplete" : "is damaged";
    const others = checkpointSteps(run).filter((other) => other !== step);
    const remedy = others.length
      ? `Use the latest one; checkpoints exist for the steps ${others.join(", ")}.`
      : "There is no other checkpoint.";
    throw missing(run, `the ${name} ${reason}: ${error.problems[0]!.message}`, remedy, error);
  }
};
