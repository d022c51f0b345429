/** Constants that are kept as bytes give the numbers that they were made of, bit for bit. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensor, Program } from "../../../../src/contracts/program.js";
import { packedConstants } from "../../../../src/engine/capture/lower/packed-constants.js";
import { capturedRunner } from "../../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../../src/engine/eager.js";
import type { Engine } from "../../../../src/engine/engine.js";
import { type SessionAddon, sessionAddon } from "../../../../src/engine/native/session-addon.js";
import { type Tensor, tf } from "../../../../src/tensor/tensor.js";
import { useEngine } from "../../../support/engine.js";

let engine: Engine;
let addon: SessionAddon;
beforeAll(async () => {
  engine = await useEngine();
  addon = sessionAddon(engine.folder, createRequire(join(engine.folder, "package.json")))!;
});

const ROWS = 60;
const WIDTH = 21;
const matrix = (value: (i: number) => number): HostTensor => ({
  shape: [ROWS, 3, WIDTH / 3],
  data: Float32Array.from({ length: ROWS * WIDTH }, (_, i) => value(i)),
});
const bits = matrix((i) => ((i * i) % 3) & 1);
const bytes = matrix((i) => (i * 7) % 256);
const image = matrix((i) => ((i * 11) % 256) / 255);

test.each<[string, HostTensor, number | undefined]>([
  ["bits", bits, 1],
  ["whole numbers up to 255", bytes, 1],
  ["such over 255", image, 255],
  ["one that is larger", matrix((i) => (i === 999 ? 256 : i % 256)), undefined],
  ["one that is negative", matrix((i) => (i === 999 ? -1 : i % 256)), undefined],
  ["one in between", matrix((i) => (i === 999 ? 0.3 : (i % 256) / 255)), undefined],
  ["one that is none", matrix((i) => (i === 999 ? Number.NaN : 1)), undefined],
  ["a zero with a sign", matrix((i) => (i === 999 ? -0 : 1)), undefined],
  ["too few", { shape: [4], data: Float32Array.of(0, 1, 1, 0) }, undefined],
  ["integers", { shape: [2000], data: new Int32Array(2000) }, undefined],
])("%s", (_, x, divisor) => {
  expect(packedConstants({ x }, addon).get("x")?.divisor).toBe(divisor);
});

const program = (constant: HostTensor, compute: (x: Tensor, rows: Tensor) => Tensor): Program => ({
  name: "packed",
  initialState: {},
  constants: { x: constant },
  run: (_, { x, rows }) => ({ outputs: { y: compute(x!, rows!) }, state: {} }),
});
const rows = { shape: [5], data: Int32Array.of(59, 0, 7, 7, 31) };

describe.each([
  ["bits", bits],
  ["whole numbers", bytes],
  ["images", image],
])("%s", (_, constant) => {
  test.each<[string, (x: Tensor, rows: Tensor) => Tensor]>([
    ["some rows of them", (x, numbers) => tf.gather(x, numbers as never)],
    ["other axes of them", (x) => tf.gather(x, tf.tensor1d([6, 1], "int32"), 2)],
    ["all of them", (x) => tf.mul(x, 3)],
    ["both", (x, numbers) => tf.concat([x, tf.gather(x, numbers as never)])],
  ])("%s", (_, compute) => {
    const outputs = [capturedRunner(engine, { mode: "require" }), eagerRunner(engine.noise)].map((runner) => {
      const running = runner.start(program(constant, compute));
      const { y } = running.call({ rows });
      running.dispose();
      return y!;
    });
    expect(outputs[0]).toEqual(outputs[1]);
  });
});

test("a row that is not there is said", () => {
  const running = capturedRunner(engine, { mode: "require" }).start(
    program(bits, (x, numbers) => tf.gather(x, numbers as never)),
  );
  running.call({ rows });
  for (const row of [60, -1])
    expect(() => running.call({ rows: { shape: [5], data: Int32Array.of(0, 1, row, 2, 3) } })).toThrow(
      `row ${row} of 60 is asked for`,
    );
  running.dispose();
});
