/** Runs in this process, in folders that are gone when the tests are done. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineChoice } from "../../../src/engine/engine.js";
import { VaelabError } from "../../../src/errors.js";
import { type ProgressEvent, type RunOptions, resumeFolder, runExperiment } from "../../../src/experiments/index.js";
import type { Status } from "../../../src/storage/layout.js";

const engine = (process.env.VAELAB_TEST_ENGINE ?? "native") as EngineChoice;
const threads = 1;

const root = mkdtempSync(join(tmpdir(), "vaelab-experiments-"));
process.on("exit", () => rmSync(root, { recursive: true, force: true }));
/** A folder that is not there yet. */
export const newFolder = (): string => join(mkdtempSync(join(root, "f-")), "run");
export const copyOf = (folder: string): string => {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
};

type Options = Omit<RunOptions, "spec" | "out">;
/** @returns the folder. */
export const runIn = async (spec: RunOptions["spec"], options: Options = {}, out = newFolder()): Promise<string> => {
  await runExperiment({ spec, out, engine, threads, ...options });
  return out;
};
export const resumeIn = async (
  folder: string,
  options: Options & { epochs?: number; patience?: number } = {},
): Promise<void> => {
  await resumeFolder({ folder, engine, threads, ...options });
};

/** What was refused, and how. */
export const refusalOf = async (work: Promise<unknown>): Promise<VaelabError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof VaelabError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

/** A reporter that keeps warnings. */
export const listener = (): { warnings: string[]; reporter: { event(event: ProgressEvent): void } } => {
  const warnings: string[] = [];
  return {
    warnings,
    reporter: {
      event: (event) => {
        if (event.type === "warning") warnings.push(event.message);
      },
    },
  };
};

/** Aborts at the first event that `when` is true for; with the reason that the command line gives. */
export const abortWhen = (
  when: (event: ProgressEvent) => boolean,
): Required<Pick<RunOptions, "reporter" | "signal">> => {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    reporter: {
      event: (event) => {
        if (!controller.signal.aborted && when(event)) controller.abort("SIGINT");
      },
    },
  };
};
export const atStep =
  (step: number) =>
  (event: ProgressEvent): boolean =>
    event.type === "progress" && event.name === "training" && event.done === step;

export const statusOf = (folder: string): Status =>
  JSON.parse(readFileSync(join(folder, "status.json"), "utf8")) as Status;
