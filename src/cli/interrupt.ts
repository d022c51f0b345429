/** Ctrl-C: the first asks the run to write a checkpoint and stop, the second ends the process where it stands. */
import { note } from "./output.js";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs `work` with a signal that the first SIGINT or SIGTERM aborts. */
export const interruptible = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      for (const each of SIGNALS) process.off(each, stop);
      process.kill(process.pid, name);
      return;
    }
    note(`${name}: writing a checkpoint and stopping (once more to stop at once, without one)`);
    controller.abort(name);
  };
  for (const each of SIGNALS) process.on(each, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const each of SIGNALS) process.off(each, stop);
  }
};
