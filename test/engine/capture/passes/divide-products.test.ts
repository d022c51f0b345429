/** Products that TensorFlow would leave to one thread: which they are, and that they give the same. */
import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensors, Program } from "../../../../src/contracts/program.js";
import { divideProducts } from "../../../../src/engine/capture/passes/divide-products.js";
import { optimize } from "../../../../src/engine/capture/passes/optimize.js";
import { recordCall } from "../../../../src/engine/capture/record/record-call.js";
import { capturedRunner } from "../../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../../src/engine/eager.js";
import type { Engine } from "../../../../src/engine/engine.js";
import { nativeBackend } from "../../../../src/engine/native/backend.js";
import type { Bindings } from "../../../../src/tensor/parameters.js";
import { type Tensor, type Tensor2D, tf } from "../../../../src/tensor/tensor.js";
import { useEngine } from "../../../support/engine.js";
import { tensor } from "../shortened.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const waves = (rows: number, columns: number, phase: number) =>
  tensor(
    [rows, columns],
    Array.from({ length: rows * columns }, (_, i) => Math.sin(i + phase)),
  );
/** 128 examples, 784 values, 400 units: 40 million multiplications of matrices of 1.9 MB. */
const INPUTS: HostTensors = {
  x: waves(128, 784, 0),
  weights: waves(784, 400, 1),
  bias: tensor([400], Array(400).fill(0.1)),
  gradient: waves(128, 400, 2),
};
const two = (value: Tensor | undefined) => value as Tensor2D;
const rectified = ({ x, weights, bias }: Bindings) => ({
  y: tf.relu(tf.add(tf.matMul(two(x), two(weights)), bias!)),
});
const biased = ({ x, weights, bias }: Bindings) => ({ y: tf.add(tf.matMul(two(x), two(weights)), bias!) });
const byWeights = ({ x, gradient }: Bindings) => ({ y: tf.matMul(two(x), two(gradient), true, false) });
const byInputs = ({ gradient, weights }: Bindings) => ({ y: tf.matMul(two(gradient), two(weights), false, true) });
const CASES = { rectified, biased, byWeights, byInputs };

const bytes = ({ data }: { data: Float32Array | Int32Array }) =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const programOf = (compute: (inputs: Bindings) => Bindings): Program => ({
  name: "product",
  initialState: {},
  run: (_, fed) => ({ outputs: compute(fed), state: {} }),
});
const opsWith = (compute: (inputs: Bindings) => Bindings, cache: number, inputs = INPUTS): string[] => {
  const recorded = recordCall(programOf(compute), engine.noise, { state: {}, inputs, variant: "" });
  const { TF_FLOAT: float, TF_INT32: int } = nativeBackend(engine.tf).binding;
  const { entries } = divideProducts(optimize(recorded, { float, int, ownKernels: true }), { float, int, cache });
  return entries.flatMap((entry) => (entry.kind === "op" ? [entry.op] : []));
};

describe("those that fit into the cache are divided", () => {
  test.each([
    ["rectified", ["BatchMatMulV2", "BiasAdd", "Relu"]],
    ["biased", ["BatchMatMulV2", "BiasAdd"]],
    ["byWeights", ["BatchMatMulV2"]],
    ["byInputs", ["BatchMatMulV2"]],
  ] as const)("%s", (name, expected) => {
    // 4 (128 * 400 + 784 * (128 + 400)) bytes are 1,860,608 of 1.01 times the cache.
    expect(opsWith(CASES[name], 1_842_200)).toEqual(expect.arrayContaining([...expected]));
    expect(opsWith(CASES[name], 1_842_180)).not.toContain("BatchMatMulV2");
  });

  test("but for small ones", () => {
    const inputs = { x: waves(16, 784, 0), gradient: waves(16, 300, 1) };
    // 16 * 784 * 300 is less than 2^22.
    expect(opsWith(byWeights, 2 ** 21, inputs)).toEqual(["MatMul"]);
  });
});

test.each(Object.keys(CASES) as (keyof typeof CASES)[])("%s is what the eager call gives, however often", (name) => {
  const program = programOf(CASES[name]);
  const running = capturedRunner(engine, { mode: "require" }).start(program);
  const eager = eagerRunner(engine.noise).start(program).call(INPUTS).y!.data;
  const first = running.call(INPUTS).y!.data;
  const largestOf = (values: number[]): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = largestOf(Array.from(eager, (value, i) => value - first[i]!));
  expect(apart / largestOf(Array.from(eager))).toBeLessThan(1e-5);
  for (let i = 0; i < 20; i++) expect(Buffer.compare(bytes(running.call(INPUTS).y!), bytes({ data: first }))).toBe(0);
  running.dispose();
});
