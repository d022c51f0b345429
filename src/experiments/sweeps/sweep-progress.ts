/** Several trials at once, told as one: a single progress over all their training steps, and each warning once. */
import { meter, type ProgressEvent, type Reporter } from "../runs/reporter.js";

export const sweepProgress = (
  reporter: Reporter,
  trials: number,
): ((index: number) => (event: ProgressEvent) => void) => {
  const done = new Map<number, number>();
  const warned = new Set<string>();
  const progress = meter(reporter, "training all trials", "step");
  return (index) => (event) => {
    if (event.type === "progress" && event.name === "training") {
      done.set(index, event.done);
      const steps = [...done.values()].reduce((sum, value) => sum + value, 0);
      progress(steps, event.total * trials);
    } else if (event.type === "warning" && !warned.has(event.message)) {
      warned.add(event.message);
      reporter.event(event);
    }
  };
};
