/** Ctrl-C, kill, a terminal that closes: the first signal asks the work to stop in its own way, the second ends the process at once. */
import { note } from "./output.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** One key press can arrive twice: from the terminal, and from npm that passes it on. */
const SAME_PRESS_MILLISECONDS = 500;

const CHECKPOINT = "writing a checkpoint and stopping (once more to stop at once, without one)";

/** Runs `work` with an AbortSignal that the first signal aborts. @param stopping what the command then says it does */
export const interruptible = async <T>(
  work: (signal: AbortSignal) => Promise<T>,
  stopping = CHECKPOINT,
): Promise<T> => {
  const controller = new AbortController();
  let pressed = 0;
  const stop = (name: NodeJS.Signals): void => {
    if (performance.now() - pressed < SAME_PRESS_MILLISECONDS && controller.signal.aborted) return;
    pressed = performance.now();
    if (controller.signal.aborted) {
      for (const each of SIGNALS) process.off(each, stop);
      process.kill(process.pid, name);
      return;
    }
    // On a terminal a bar may stand on this line.
    const line = process.stderr.isTTY ? "\n" : "";
    note(`${line}${name}: ${stopping}`);
    controller.abort(name);
  };
  for (const each of SIGNALS) process.on(each, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const each of SIGNALS) process.off(each, stop);
  }
};
