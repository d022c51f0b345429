/** What a run tells whoever started it, while it goes on. Times are for people: nothing that a run leaves depends on them. */
export type ProgressEvent =
  | { type: "phase"; name: string }
  | {
      type: "progress";
      name: string;
      done: number;
      total: number;
      unit: string;
      /** Units a second. */
      rate?: number;
      secondsLeft?: number;
      details?: Record<string, number>;
    }
  | { type: "epoch"; epoch: number; epochs: number; train: Record<string, number>; validation?: Record<string, number> }
  | {
      type: "trial";
      index: number;
      total: number;
      id: string;
      choices: Record<string, unknown>;
      state: "started" | "finished" | "failed" | "skipped";
      seconds?: number;
    }
  | { type: "warning"; message: string };

export interface Reporter {
  event(event: ProgressEvent): void;
}
export const silent: Reporter = { event: () => {} };

/** Progress with the rate and the time left, from when it was made. */
export const meter = (
  reporter: Reporter,
  name: string,
  unit: string,
): ((done: number, total: number, details?: Record<string, number>) => void) => {
  const started = performance.now();
  let first: number | undefined;
  return (done, total, details) => {
    first ??= done - 1;
    const rate = (done - first) / Math.max((performance.now() - started) / 1000, 1e-6);
    reporter.event({
      type: "progress",
      name,
      done,
      total,
      unit,
      rate,
      secondsLeft: (total - done) / rate,
      ...(details && { details }),
    });
  };
};
