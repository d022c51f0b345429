import { expect, test } from "vitest";
import { addToSums, meansOf, timesDue } from "../../../src/experiments/training/step-sums.js";

test.each([
  [1, 0, 5, 5],
  [2, 0, 5, 3],
  [2, 5, 10, 2],
  [3, 1, 3, 0],
  [3, 3, 4, 1],
])("a phase of every %i steps runs from %i to before %i so many times: %i", (every, start, end, times) => {
  const steps = Array.from({ length: end - start }, (_, i) => start + i);
  expect(timesDue({ every }, start, end)).toBe(times);
  expect(steps.filter((step) => step % every === 0).length).toBe(times);
});

test("a figure of a phase that is due at every second step is averaged over those steps", () => {
  const phases = [
    { name: "model", every: 1 },
    { name: "discriminator", every: 2 },
  ];
  const figures = new Map(
    phases.map(({ name }) => [
      `${name}.loss`,
      { name: `${name}/loss`, title: "loss", unit: "nats", kind: "loss", phase: name } as const,
    ]),
  );
  // Steps 5 to 9, an epoch that begins at an odd step; the discriminator runs at 6 and 8.
  const state = { sums: {}, summed: 0, step: 5 };
  for (let step = 5; step < 10; step++) {
    const due = phases.filter(({ every }) => step % every === 0);
    const values = due.map(({ name }) => ({ key: `${name}.loss`, figure: figures.get(`${name}.loss`)!, data: [step] }));
    addToSums(state, values as never);
    state.step++;
  }
  const means = Object.fromEntries(meansOf(state, figures, phases).map(({ figure, means }) => [figure.name, means[0]]));
  expect(means).toEqual({ "model/loss": 7, "discriminator/loss": 7 });
  state.sums = { "discriminator.loss": [14] };
  expect(meansOf(state, figures, phases)[0]!.means).toEqual([7]);
});
