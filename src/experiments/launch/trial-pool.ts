/**
 * Runs trials in parallel in reusable processes, because starting a process, its engine and its data takes as long as a few
 * hundred steps. The bytes of a trial depend neither on the number of processes nor on earlier trials.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../engine/folders.js";
import { EXIT, VaelabError } from "../../errors.js";
import { RUN_FILES } from "../../storage/layout.js";
import { readStatus, writeStatus } from "../../storage/status.js";
import type { ProgressEvent } from "../runs/reporter.js";
import type { TrackerEvent } from "../services/tracker.js";
import type { FromTrial, ToTrial, TrialRequest } from "./trial-messages.js";

const startProcess = (): ChildProcess =>
  fork(join(packageRoot(), "dist", "trial.js"), {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });

export interface TrialListener {
  onEvent(event: ProgressEvent): void;
  onTracked(event: TrackerEvent): void;
  signal: AbortSignal | undefined;
}

/** The process ended before its trial: it was killed, ran out of memory, or crashed in native code. */
class ProcessEnded extends Error {}

/** Runs one trial in a process. @throws the error of the trial; ProcessEnded */
const runIn = (
  child: ChildProcess,
  request: TrialRequest,
  { onEvent, onTracked, signal }: TrialListener,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const tell = (message: ToTrial): void => void child.send(message);
    const abort = (): void => tell({ type: "abort" });
    const settle = (end: () => void): void => {
      child.off("message", hear).off("error", lost).off("exit", died);
      signal?.removeEventListener("abort", abort);
      end();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const lost = ({ message }: Error): void => fail(new ProcessEnded(message));
    const died = (code: number | null, killedBy: string | null): void =>
      fail(new ProcessEnded(killedBy ?? `exit code ${code}`));
    const hear = (message: FromTrial): void => {
      if (message.type === "event") onEvent(message.event);
      else if (message.type === "tracked") onTracked(message.event);
      else if (message.type === "done") settle(resolve);
      else fail(new VaelabError(message.code, message.problems));
    };
    child.on("message", hear).on("error", lost).on("exit", died);
    tell({ type: "run", request });
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });

export interface TrialPool {
  run(request: TrialRequest, listener: TrialListener): Promise<void>;
  /** Ends idle processes. */
  close(): void;
}

const lives = ({ connected, exitCode, signalCode }: ChildProcess): boolean =>
  connected && exitCode === null && signalCode === null;

/** Records the failure in the trial's folder, which its process could not do. Resuming the sweep starts a new attempt. */
const killedTwice = ({ folder }: TrialRequest, ends: readonly Error[]): VaelabError => {
  const [first, second] = ends.map(({ message }) => message);
  const how = first === second ? `both times (${first})` : `(${first}, then ${second})`;
  const reason = `the process ended before its trial, ${how}`;
  if (existsSync(join(folder, RUN_FILES.status)))
    writeStatus(folder, { ...readStatus(folder), state: "failed", exit: EXIT.failed, reason });
  const remedy = "If memory is short, run fewer trials at once: --jobs 1.";
  return new VaelabError("KILLED", { message: reason, where: folder, remedy });
};

/** @param start a process that runs trials; another one in tests */
export const trialPool = (start: () => ChildProcess = startProcess): TrialPool => {
  const idle: ChildProcess[] = [];
  const end = (child: ChildProcess): void => {
    if (child.connected) child.disconnect();
  };
  const takeProcess = (): ChildProcess => {
    const child = idle.pop();
    if (!child) return start();
    return lives(child) ? child : takeProcess();
  };
  const runOnce: TrialPool["run"] = async (request, listener) => {
    const child = takeProcess();
    try {
      await runIn(child, request, listener);
    } catch (error) {
      // A process is not reused after a failure.
      end(child);
      throw error;
    }
    idle.push(child);
  };
  return {
    run: async (request, listener) => {
      try {
        await runOnce(request, listener);
      } catch (first) {
        if (!(first instanceof ProcessEnded)) throw first;
        // Its folder is like that of a killed run and resumes with the sweep.
        if (listener.signal?.aborted) throw new VaelabError("INTERRUPTED", { message: first.message });
        const message = `the process of the trial in ${request.folder} ended (${first.message}); retrying once`;
        listener.onEvent({ type: "warning", message });
        await runOnce(request, listener).catch((second: unknown) => {
          throw second instanceof ProcessEnded ? killedTwice(request, [first, second]) : second;
        });
      }
    },
    close: () => {
      for (const child of idle.splice(0)) end(child);
    },
  };
};

/**
 * Calls `work` for every item in order, at most `jobs` at once. After a rejection no more items start; it is thrown when all
 * have ended.
 */
export const inParallel = async <T>(
  items: readonly T[],
  jobs: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> => {
  let next = 0;
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (next < items.length && errors.length === 0) {
      const index = next++;
      try {
        await work(items[index]!, index);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
};
