/** A recording does without large products; what that could hide or break is seen all the same. */
import { beforeAll, expect, test } from "vitest";
import type { HostTensor, HostTensors, Program } from "../../../../src/contracts/program.js";
import { recordTwice } from "../../../../src/engine/capture/record/record-twice.js";
import { capturedRunner } from "../../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../../src/engine/eager.js";
import type { Engine } from "../../../../src/engine/engine.js";
import { type Tensor, tf } from "../../../../src/tensor/tensor.js";
import { useEngine } from "../../../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** Of 2^24 multiplications. */
const SIDE = 256;
const filled = (shape: number[], value: (i: number) => number): HostTensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
});
/** A product of elements 2 and, on the inputs of a second recording, 9/8. */
const inputs: HostTensors = { a: filled([SIDE, SIDE], () => 2), b: filled([SIDE, SIDE], () => 1 / SIDE) };

const programOf = (body: (product: Tensor) => Tensor): Program => ({
  name: "products",
  initialState: {},
  run: (_, { a, b }) => ({ outputs: { y: body(tf.matMul(a!, b!)) }, state: {} }),
});
const outputOf = (program: Program, given: HostTensors, mode: "require" | "never"): HostTensor => {
  const runner = mode === "never" ? eagerRunner(engine.noise) : capturedRunner(engine, { mode });
  const running = runner.start(program);
  const { y } = running.call(given);
  running.dispose();
  return y!;
};

test.each<[string, (a: Tensor, b: Tensor) => Tensor]>([
  ["as they are", (a, b) => tf.matMul(a, b)],
  ["one transposed", (a, b) => tf.matMul(a, tf.transpose(b), false, true)],
  ["both transposed", (a, b) => tf.matMul(tf.transpose(a), tf.transpose(b), true, true)],
])("matrices of three sizes, %s", (_, multiply) => {
  const given = { a: filled([512, 128], (i) => (i % 7) - 3), b: filled([128, 320], (i) => (i % 5) - 2) };
  const program: Program = {
    name: "products",
    initialState: {},
    run: (_, { a, b }) => ({ outputs: { y: multiply(a!, b!) }, state: {} }),
  };
  expect(recordTwice(program, engine.noise, given)).toEqual([]);
  // Sums of small whole numbers are exact in any order.
  expect(outputOf(program, given, "require")).toEqual(outputOf(program, given, "never"));
});

test("what fails on zeros alone is recorded with its products computed", () => {
  // Rows 1 and, of a second recording, 0; of zeros it would be row -1, which there is not.
  const program = programOf((product) => {
    const rows = tf.cast(tf.sub(tf.slice(tf.reshape(product, [-1]), 0, 3), 1), "int32");
    return tf.gather(tf.tensor1d([10, 20]), rows as never);
  });
  expect(recordTwice(program, engine.noise, inputs)).toEqual([]);
  expect(Array.from(outputOf(program, inputs, "require").data)).toEqual([20, 20, 20]);
});

test("a shape that depends on the values of a product is seen", () => {
  const program = programOf((product) => tf.unique(tf.reshape(product, [-1])).values);
  const distinct = { a: filled([SIDE, SIDE], (i) => i), b: inputs.b! };
  const [difference] = recordTwice(program, engine.noise, distinct);
  expect(`${difference?.op} ${difference?.what}`).toMatch(/Unique/);
});
