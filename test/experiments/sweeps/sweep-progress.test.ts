import { expect, test } from "vitest";
import type { ProgressEvent } from "../../../src/experiments/runs/reporter.js";
import { sweepProgress } from "../../../src/experiments/sweeps/sweep-progress.js";

const training = (done: number): ProgressEvent => ({
  type: "progress",
  name: "training",
  done,
  total: 100,
  unit: "step",
});

test("progress is over the steps of all trials, and each warning is told once", () => {
  const events: ProgressEvent[] = [];
  const of = sweepProgress({ event: (event) => events.push(event) }, 3);
  const [first, second] = [of(0), of(1)];
  first(training(10));
  second(training(40));
  first(training(30));
  for (const trial of [first, second, first]) trial({ type: "warning", message: "slow" });
  second({ type: "warning", message: "slower" });
  first({ type: "phase", name: "drawing samples" });
  first({ type: "progress", name: "measuring elbo", done: 1, total: 2, unit: "block" });
  const told = events.map((event) =>
    event.type === "progress" ? `${event.done} of ${event.total}` : event.type === "warning" ? event.message : event,
  );
  expect(told).toEqual(["10 of 300", "50 of 300", "70 of 300", "slow", "slower"]);
});
