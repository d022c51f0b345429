import { beforeAll, test } from "vitest";
import { importanceBound } from "../../src/inference/importance.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { expectClose } from "../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

test("draws are averaged inside a group and bounds over groups, not the other way around", () => {
  // ln w of 2 groups of 3 draws, of two examples.
  const w = [1, 2, 6, 4, 4, 1];
  const logs = tf.tensor2d(w.map((each) => [Math.log(each), Math.log(10 * each)]));
  // (ln 9/3 + ln 9/3) / 2, where three groups of two give ln(1.5 * 5 * 2.5) / 3.
  expectClose(importanceBound(logs, { groups: 2, draws: 3 }), [Math.log(3), Math.log(30)]);
  expectClose(importanceBound(logs, { groups: 3, draws: 2 }), [
    Math.log(18.75) / 3,
    Math.log(18.75) / 3 + Math.log(10),
  ]);
  expectClose(importanceBound(logs, { groups: 1, draws: 6 }), [Math.log(3), Math.log(30)]);
});
