/**
 * Handles Ctrl-C, kill and a closing terminal: the first signal stops the work gracefully, the second ends the process at
 * once.
 */
import { note } from "./output.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** One key press can arrive twice: from the terminal, and forwarded by npm. */
const SAME_PRESS_MILLISECONDS = 500;

const CHECKPOINT = "writing a checkpoint before stopping (press Ctrl-C again to stop at once without one)";

/** Runs `work` with an AbortSignal that the first signal aborts. @param stopping message to print then */
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
    // On a terminal this line may hold a progress bar.
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
