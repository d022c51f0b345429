/** Counters of a checkpoint are whole and at least 0: a step of -5 reached native code as a batch of no rows. */
import { expect, test } from "vitest";
import { freshState, parseState } from "../../../src/experiments/training/training-state.js";

const sound = { ...freshState("abc"), step: 5, best: { step: 4, loss: 1.5 }, checkpoint: 5, sums: { loss: [1] } };

test("a sound state is taken", () => expect(parseState(sound, "run")).toBe(sound));

test.each([
  [{ step: -5 }, "its step is -5, not a whole number of at least 0"],
  [{ step: 1.5 }, "its step is 1.5, not a whole"],
  [{ step: 2 ** 60 }, "its step is 1152921504606847000, not a whole"],
  [{ step: undefined }, "its step is missing"],
  [{ step: "5" }, 'its step is "5"'],
  [{ historyOffset: -1 }, "its historyOffset is -1"],
  [{ validationsSinceBest: null }, "its validationsSinceBest is null"],
  [{ checkpoint: -1 }, "its checkpoint is not a step"],
  [{ best: { step: -1, loss: 0 } }, "its best is not a step and a loss"],
  [{ best: { step: 1 } }, "its best is not a step and a loss"],
  [{ sums: { loss: 3 } }, "its sums are not lists"],
])("%j is refused", (change, message) => {
  expect(() => parseState({ ...sound, ...change }, "run")).toThrow(message);
});
