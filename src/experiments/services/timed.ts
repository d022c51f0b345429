/** Adds the rate and the remaining time to progress events. */
import type { Reporter } from "../runs/reporter.js";
import type { Clock } from "./clock.js";

/** From the first event of that name on; one that counts from the beginning again is timed from there. */
export const timed = (reporter: Reporter, clock: Clock): Reporter => {
  const begun = new Map<string, { at: number; done: number; last: number }>();
  return {
    event: (event) => {
      if (event.type !== "progress" || event.rate !== undefined) {
        reporter.event(event);
        return;
      }
      const { name, done, total } = event;
      const now = clock.milliseconds();
      const known = begun.get(name);
      if (!known || done <= known.last) {
        begun.set(name, { at: now, done, last: done });
        reporter.event(event);
        return;
      }
      known.last = done;
      const rate = (done - known.done) / Math.max((now - known.at) / 1000, 1e-6);
      reporter.event({ ...event, rate, secondsLeft: (total - done) / rate });
    },
  };
};
