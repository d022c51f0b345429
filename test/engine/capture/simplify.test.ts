/** A recorded step says the same with less: which ops are gone, and that every rule keeps the values. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Bindings } from "../../../src/core/parameters.js";
import type { HostTensor, Program } from "../../../src/core/program.js";
import { type Tensor, tf } from "../../../src/core/tensor.js";
import { recordCall } from "../../../src/engine/capture/record-call.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { simplify } from "../../../src/engine/capture/simplify.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/load.js";
import { nativeBackend } from "../../../src/engine/native/backend.js";
import { useEngine } from "../../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const tensor = (shape: number[], values: number[]): HostTensor => ({ shape, data: Float32Array.from(values) });
const X = tensor([2, 3], [-1.5, 0, 2, 3.25, -0.125, 40]);
const programOf = (compute: (x: Tensor) => Bindings): Program => ({
  name: "simplified",
  initialState: {},
  run: (_, inputs) => ({ outputs: compute(inputs.x!), state: {} }),
});

/** The names of the ops that are left, and what the graph and the eager call give. */
const both = (compute: (x: Tensor) => Bindings) => {
  const program = programOf(compute);
  const recorded = recordCall(program, engine.noise, { state: {}, inputs: { x: X }, variant: "" });
  const tape = simplify(recorded, { float: nativeBackend(engine.tf).binding.TF_FLOAT, ownKernels: true });
  const used = new Set<number>();
  const pending = Object.values(tape.outputs).map(({ entry }) => entry);
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    used.add(at);
    const entry = tape.entries[at]!;
    if (entry.kind === "op") pending.push(...entry.inputs.map((source) => source.entry));
  }
  const ops = tape.entries.flatMap((entry, at) => (entry.kind === "op" && used.has(at) ? [entry.op] : []));
  const run = (runner: ReturnType<typeof eagerRunner>) => {
    const running = runner.start(program);
    const outputs = running.call({ x: X });
    running.dispose();
    return outputs;
  };
  return { ops, captured: run(capturedRunner(engine, { mode: "require" })), eager: run(eagerRunner(engine.noise)) };
};

const gradient = (f: (x: Tensor) => Tensor) => (x: Tensor) => ({ y: tf.grad(f)(x) });

describe("exactly the same values", () => {
  test.each<[string, (x: Tensor) => Bindings, string[]]>([
    ["casts and reshapes to what it is", (x) => ({ y: tf.cast(tf.reshape(x, [2, 3]), "float32") }), []],
    ["reshapes of reshapes", (x) => ({ y: tf.reshape(tf.reshape(x, [3, 2]), [6]) }), ["Reshape"]],
    ["reshapes there and back", (x) => ({ y: tf.reshape(tf.reshape(x, [3, 2]), [2, 3]) }), []],
    ["products with ones of its shape", (x) => ({ y: tf.mul(x, tf.ones([2, 3])) }), []],
    ["products with ones that spread it", (x) => ({ y: tf.mul(tf.sum(x, 1, true), tf.ones([2, 3])) }), ["Sum", "Mul"]],
    [
      "what is spread and then multiplied",
      (x) => ({ y: tf.mul(tf.neg(tf.mul(tf.sum(x, 1, true), tf.ones([2, 3]))), x) }),
      ["Sum", "Neg", "Mul"],
    ],
    ["the gradient of a rectifier", gradient((x) => tf.mul(tf.relu(x), x)), ["Relu", "ReluGrad", "Add"]],
    [
      "the gradient of a sum of squares of a rectifier",
      gradient((x) => tf.sum(tf.square(tf.relu(x)))),
      ["Relu", "Reshape", "Mul", "Mul", "ReluGrad"],
    ],
  ])("%s", (_, compute, ops) => {
    const result = both(compute);
    expect(result.ops).toEqual(ops);
    expect(result.captured).toEqual(result.eager);
    expect(result.captured.y!.data.every(Number.isFinite)).toBe(true);
  });
});

describe("to within rounding", () => {
  test("squared norms, and sums of them", () => {
    const { ops, captured } = both((x) => ({
      y: tf.addN([tf.sum(tf.square(x)), tf.sum(tf.square(tf.mul(x, 2)))]),
    }));
    expect(ops).toEqual(["L2Loss", "Mul", "L2Loss", "AddN", "Mul"]);
    const expected = 5 * Array.from(X.data).reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(captured.y!.data[0]! / expected - 1)).toBeLessThan(1e-6);
  });

  test("a sum of squares over one axis stays what it is", () => {
    const { ops, captured, eager } = both((x) => ({ y: tf.sum(tf.square(x), 1) }));
    expect(ops).toEqual(["Square", "Sum"]);
    expect(captured).toEqual(eager);
  });
});
