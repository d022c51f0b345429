/** Blocks as metrics meet them: what each draws is settled by its number and its repeat, whatever else a call computes. */
import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { metricContext } from "../../../src/experiments/evaluation/metric-context.js";
import { noiseKey } from "../../../src/numerics/streams.js";
import { keyedNoise } from "../../../src/tensor/keyed-noise.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { trainedOn, unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

// The second block is not full; of seven repeats, no number divides them.
test.each([1, 7])("%i repeats of two blocks each have the draws of their own key", async (repeats) => {
  const rows = Array.from({ length: 130 }, (_, i) => [i]);
  const model = unitGaussianModel({ slope: [0.5], variance: 0.5 });
  const context = metricContext(trainedOn(engine, model, rows), "test", {});
  const received: { start: number; repeat: number; draws: number[]; examples: number[] }[] = [];
  await context.blocks({
    name: "draws",
    repeats,
    body: ({ fields }, noise) => ({ draws: noise.normal("here", [2, 3]), examples: fields.x! }),
    receive: ({ draws, examples }, { start, repeat }) =>
      received.push({ start, repeat, draws: Array.from(draws!.data), examples: Array.from(examples!.data) }),
  });
  const expected = [0, 100].flatMap((start, block) =>
    Array.from({ length: repeats }, (_, repeat) => {
      const key = tf.tensor1d(noiseKey(1, `evaluation/test/draws/${repeat}`, block), "int32");
      const draws = Array.from(keyedNoise(engine.noise, key).normal("here", [2, 3]).dataSync());
      return { start, repeat, draws, examples: rows.slice(start, start + 100).flat() };
    }),
  );
  expect(received).toEqual(expected);
});

test("a metric that needs an extractor or a refitted encoder without having said so is told", async () => {
  const model = unitGaussianModel({ slope: [0.5], variance: 0.5 });
  const context = metricContext(trainedOn(engine, model, [[1], [2]]), "test", {});
  expect(context.canRefit).toBe(false);
  expect(() => context.extractor()).toThrow('does not say so in "needs"');
  const asked = context.blocks({ name: "mine", proposal: "refitted", body: () => ({}), receive: () => {} });
  await expect(asked).rejects.toThrow('the metric "mine" asks for a refitted encoder');
});
