/** Merges parallel trials into one progress over all training steps, and reports each warning once. */
import { meter, type ProgressEvent, type Reporter } from "../runs/reporter.js";

export const sweepProgress = (
  reporter: Reporter,
  trials: number,
): ((index: number) => (event: ProgressEvent) => void) => {
  const done = new Map<number, number>();
  let steps = 0;
  const tell = (index: number, trained: number): void => {
    done.set(index, trained);
    progress(
      [...done.values()].reduce((sum, value) => sum + value, 0),
      steps * trials,
    );
  };
  const warned = new Set<string>();
  const progress = meter(reporter, "training all trials", "step");
  return (index) => (event) => {
    if (event.type === "progress" && event.name === "training") {
      steps = event.total;
      tell(index, event.done);
    } else if (event.type === "stopped-early") {
      // What it leaves untrained is no work to wait for.
      tell(index, steps);
    } else if (event.type === "warning" && !warned.has(event.message)) {
      warned.add(event.message);
      reporter.event(event);
    }
  };
};
