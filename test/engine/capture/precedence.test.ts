/** Of a layer's two gradients the one that the layers below it wait for goes first. */
import { beforeAll, expect, test } from "vitest";
import type { Program } from "../../../src/core/program.js";
import { tf } from "../../../src/core/tensor.js";
import { precedences } from "../../../src/engine/capture/precedence.js";
import { recordCall } from "../../../src/engine/capture/record-call.js";
import type { OpEntry } from "../../../src/engine/capture/tape.js";
import type { Engine } from "../../../src/engine/load.js";
import { useEngine } from "../../support/engine.js";
import { tensor } from "./shortened.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** Two layers, 5 -> 4 -> 3, on two examples. */
const program: Program = {
  name: "two layers",
  initialState: {},
  run: (_, { x, first, second }) => {
    const loss = (a: typeof first, b: typeof second) =>
      tf.sum(tf.square(tf.matMul(tf.square(tf.matMul(x as never, a as never)), b as never)));
    const [dFirst, dSecond] = tf.grads(loss as never)([first!, second!]);
    return { outputs: { dFirst: dFirst!, dSecond: dSecond! }, state: {} };
  },
};
const inputs = {
  x: tensor([2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  first: tensor([5, 4], Array(20).fill(0.1)),
  second: tensor([4, 3], Array(12).fill(0.2)),
};

test("the gradient by the last weights waits for the gradient by their inputs", () => {
  const tape = recordCall(program, engine.noise, { state: {}, inputs, variant: "" });
  const { entries } = tape;
  const opAt = (at: number): OpEntry => entries[at] as OpEntry;
  const weights = entries.findIndex((entry) => entry.kind === "input" && entry.name === "second");
  const found = [...precedences(tape)];
  const [at, ahead] = found.find(([product]) => String(opAt(product).outputs[0]!.shape) === "4,3")!;
  // By its inputs: what takes the weights and comes after the product itself, which takes them too.
  expect(opAt(ahead).inputs.map(({ entry }) => entry)).toContain(weights);
  const forward = entries.findIndex(
    (entry) => entry.kind === "op" && entry.inputs.some((one) => one.entry === weights),
  );
  expect(ahead).toBeGreaterThan(forward);
  expect(opAt(at).inputs.some((one) => opAt(ahead).inputs.some((other) => one.entry === other.entry))).toBe(true);
});
