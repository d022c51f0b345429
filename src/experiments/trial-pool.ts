/** Runs trials side by side, each in a process of its own; their bytes do not depend on how many run at once. */
import { fork } from "node:child_process";
import { join } from "node:path";
import { VaelabError } from "../core/errors.js";
import { packageRoot } from "../engine/folders.js";
import type { ProgressEvent } from "./reporter.js";
import type { FromTrial, ToTrial, TrialRequest } from "./trial-process.js";

/** Runs one trial in a child process. @throws what the trial threw; INTERNAL when its process died. */
export const runInProcess = (
  request: TrialRequest,
  onEvent: (event: ProgressEvent) => void,
  signal?: AbortSignal,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = fork(join(packageRoot(), "dist", "trial.js"), {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const tell = (message: ToTrial): void => void child.send(message);
    const abort = (): void => tell({ type: "abort" });
    let outcome: FromTrial | undefined;
    child.on("message", (message: FromTrial) => {
      if (message.type === "event") onEvent(message.event);
      else outcome = message;
    });
    child.on("error", reject);
    child.on("exit", (code, killedBy) => {
      signal?.removeEventListener("abort", abort);
      if (outcome?.type === "done") resolve();
      else if (outcome?.type === "failed") reject(new VaelabError(outcome.code, outcome.problems));
      else
        reject(
          new VaelabError("INTERNAL", {
            message: `the trial's process ended with ${killedBy ?? code}`,
            where: request.folder,
          }),
        );
    });
    tell({ type: "run", request });
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });

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
