/**
 * Runs trials side by side, in processes that take one after another: starting one, its engine and the data takes as long as a
 * few hundred steps. A trial's bytes depend neither on how many run at once nor on what its process did before.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../engine/folders.js";
import { VaelabError } from "../../errors.js";
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

/** One trial in a process. @throws what the trial threw; INTERNAL when its process died. */
const runIn = (
  child: ChildProcess,
  request: TrialRequest,
  { onEvent, onTracked, signal }: TrialListener,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const tell = (message: ToTrial): void => void child.send(message);
    const abort = (): void => tell({ type: "abort" });
    const settle = (end: () => void): void => {
      child.off("message", hear).off("error", fail).off("exit", died);
      signal?.removeEventListener("abort", abort);
      end();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const died = (code: number | null, killedBy: string | null): void =>
      fail(
        new VaelabError("INTERNAL", {
          message: `the trial's process ended with ${killedBy ?? code}`,
          where: request.folder,
        }),
      );
    const hear = (message: FromTrial): void => {
      if (message.type === "event") onEvent(message.event);
      else if (message.type === "tracked") onTracked(message.event);
      else if (message.type === "done") settle(resolve);
      else fail(new VaelabError(message.code, message.problems));
    };
    child.on("message", hear).on("error", fail).on("exit", died);
    tell({ type: "run", request });
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });

export interface TrialPool {
  run(request: TrialRequest, listener: TrialListener): Promise<void>;
  /** Ends the processes that wait for another trial. */
  close(): void;
}

export const trialPool = (): TrialPool => {
  const idle: ChildProcess[] = [];
  const end = (child: ChildProcess): void => {
    if (child.connected) child.disconnect();
  };
  return {
    run: async (request, listener) => {
      const child = idle.pop() ?? startProcess();
      try {
        await runIn(child, request, listener);
      } catch (error) {
        // What a failure left behind in a process is nobody's concern but its own.
        end(child);
        throw error;
      }
      idle.push(child);
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
