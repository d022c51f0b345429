/** What a call computes, counted by hand: it decides whether one thread computes it alone. */
import { beforeAll, expect, test } from "vitest";
import type { HostTensor, HostTensors, Program } from "../../../../src/contracts/program.js";
import { isLittle, workOf } from "../../../../src/engine/capture/passes/cost-model.js";
import { recordCall } from "../../../../src/engine/capture/record/record-call.js";
import { liveEntries } from "../../../../src/engine/capture/tape/liveness.js";
import type { Engine } from "../../../../src/engine/engine.js";
import { nativeBackend } from "../../../../src/engine/native/backend.js";
import type { Bindings } from "../../../../src/tensor/parameters.js";
import { type Tensor, type Tensor4D, tf } from "../../../../src/tensor/tensor.js";
import { useEngine } from "../../../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const of = (...shape: number[]): HostTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});

const recorded = (inputs: HostTensors, compute: (inputs: Bindings) => Tensor) => {
  const program: Program = {
    name: "work",
    initialState: {},
    run: (_, fed) => ({ outputs: { y: compute(fed) }, state: {} }),
  };
  const { TF_FLOAT: float, TF_INT32: int } = nativeBackend(engine.tf).binding;
  const tape = recordCall(program, engine.noise, { state: {}, inputs, variant: "" });
  return { tape, types: { float, int } };
};

/** Without what is counted for the elements of results. */
const multiplications = (inputs: HostTensors, compute: (inputs: Bindings) => Tensor): number => {
  const { tape, types } = recorded(inputs, compute);
  let elements = 0;
  for (const at of liveEntries(tape)) {
    const entry = tape.entries[at]!;
    if (entry.kind !== "op") continue;
    for (const { shape } of entry.outputs) elements += shape.reduce((product, size) => product * size, 1);
  }
  return workOf(tape, types) - 16 * elements;
};

const convolved = ({ x, filter }: Bindings): Tensor => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, "valid");
// Nine places, four channels, filters of 3 x 3 x 2.
const CONVOLUTION = { x: of(1, 5, 5, 2), filter: of(3, 3, 2, 4) };

test.each<[string, HostTensors, (inputs: Bindings) => Tensor, number]>([
  ["a product", { a: of(2, 3), b: of(3, 4) }, ({ a, b }) => tf.matMul(a!, b!), 2 * 3 * 4],
  ["one transposed", { a: of(3, 2), b: of(4, 3) }, ({ a, b }) => tf.matMul(a!, b!, true, true), 2 * 3 * 4],
  ["several at once", { a: of(5, 2, 3), b: of(5, 3, 4) }, ({ a, b }) => tf.matMul(a!, b!), 5 * 2 * 3 * 4],
  ["a convolution", CONVOLUTION, convolved, 9 * 4 * 18],
  [
    "its gradient by the images, with it",
    CONVOLUTION,
    ({ x, filter }) => tf.grad((images: Tensor) => tf.sum(tf.square(convolved({ x: images, filter: filter! }))))(x!),
    2 * 9 * 4 * 18,
  ],
  [
    "and by the filters",
    CONVOLUTION,
    ({ x, filter }) => tf.grad((filters: Tensor) => tf.sum(tf.square(convolved({ x: x!, filter: filters }))))(filter!),
    2 * 9 * 4 * 18,
  ],
  ["nothing but elements", { a: of(2, 3) }, ({ a }) => tf.exp(a!), 0],
])("%s", (_, inputs, compute, expected) => {
  expect(multiplications(inputs, compute)).toBe(expected);
});

test("a product with 64 units is little, one with 400 is not", () => {
  const layer = (units: number, batch: number) =>
    recorded({ x: of(batch, 784), weights: of(784, units) }, ({ x, weights }) => tf.matMul(x!, weights!));
  const little = ({ tape, types }: ReturnType<typeof recorded>) => isLittle(tape, types);
  expect(little(layer(64, 64))).toBe(true);
  expect(little(layer(400, 128))).toBe(false);
});
