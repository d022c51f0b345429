/** A graph that would take minutes to open is refused while it is recorded. */
import { beforeAll, expect, test } from "vitest";
import type { Program } from "../../../../src/contracts/program.js";
import { capturedRunner } from "../../../../src/engine/capture/runner.js";
import type { Engine } from "../../../../src/engine/engine.js";
import { type Tensor, tf } from "../../../../src/tensor/tensor.js";
import { useEngine } from "../../../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const deep: Program = {
  name: "deep",
  initialState: {},
  run: (_, { x }) => {
    let y: Tensor = x!;
    for (let i = 0; i < 51_000; i++) y = tf.neg(y);
    return { outputs: { y }, state: {} };
  },
};
const inputs = { x: { shape: [2], data: Float32Array.of(1, -2) } };

test("51,000 operations run eagerly, with a warning, or fail where a graph is required", () => {
  const warnings: string[] = [];
  const running = capturedRunner(engine, { warn: (message) => warnings.push(message) }).start(deep);
  expect(Array.from(running.call(inputs).y!.data)).toEqual([1, -2]);
  expect(running.mode).toBe("eager");
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(
    "deep  it takes more than 50000 operations, and a graph of that size takes minutes to open",
  );
  running.dispose();
  const required = capturedRunner(engine, { mode: "require" }).start(deep);
  expect(() => required.call(inputs)).toThrow("it takes more than 50000 operations");
  required.dispose();
}, 300_000);
