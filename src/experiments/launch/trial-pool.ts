/**
 * Runs trials side by side, in processes that take one after another: starting one, its engine and the data takes as long as a
 * few hundred steps. A trial's bytes depend neither on how many run at once nor on what its process did before.
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

/** The process of a trial ended before the trial did: it was killed, ran out of memory, or crashed in native code. */
class ProcessEnded extends Error {}

/** One trial in a process. @throws what the trial threw; ProcessEnded */
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
  /** Ends the processes that wait for another trial. */
  close(): void;
}

const lives = ({ connected, exitCode, signalCode }: ChildProcess): boolean =>
  connected && exitCode === null && signalCode === null;

/** Says so in the trial's folder too: nobody else is left to. Resuming the sweep then gives it a new attempt. */
const killedTwice = ({ folder }: TrialRequest, ends: readonly Error[]): VaelabError => {
  const [first, second] = ends.map(({ message }) => message);
  const how = first === second ? `both times (${first})` : `(${first}, then ${second})`;
  const reason = `the process of the trial ended before the trial did, ${how}`;
  if (existsSync(join(folder, RUN_FILES.status)))
    writeStatus(folder, { ...readStatus(folder), state: "failed", exit: EXIT.failed, reason });
  const remedy = "Where the machine has too little memory, run fewer trials at once: --jobs 1.";
  return new VaelabError("KILLED", { message: reason, where: folder, remedy });
};

export const trialPool = (): TrialPool => {
  const idle: ChildProcess[] = [];
  const end = (child: ChildProcess): void => {
    if (child.connected) child.disconnect();
  };
  const takeProcess = (): ChildProcess => {
    const child = idle.pop();
    if (!child) return startProcess();
    return lives(child) ? child : takeProcess();
  };
  const runOnce: TrialPool["run"] = async (request, listener) => {
    const child = takeProcess();
    try {
      await runIn(child, request, listener);
    } catch (error) {
      // What a failure left behind in a process is nobody's concern but its own.
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
        // Its folder is as after any kill, and goes on when the sweep is resumed.
        if (listener.signal?.aborted) throw new VaelabError("INTERRUPTED", { message: first.message });
        const message = `the process of the trial in ${request.folder} ended (${first.message}); it is tried once more`;
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

/** Calls `work` for every item, at most `jobs` at once, in order. The first rejection starts no more, and is thrown when all ended. */
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
