/** The graph's own softplus against ln(1 + e^x) in double precision, where the formula loses nothing. */
import { expect, test } from "vitest";
import type { Program } from "../../../src/contracts/program.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";

const softplus = async (values: Float32Array): Promise<Float32Array> => {
  const engine = await useEngine();
  const program: Program = {
    name: "softplus",
    initialState: {},
    run: (_, inputs) => ({ outputs: { y: tf.softplus(inputs.x!) }, state: {} }),
  };
  const running = capturedRunner(engine, { mode: "require" }).start(program);
  const { y } = running.call({ x: { shape: [values.length], data: values } });
  running.dispose();
  return y!.data as Float32Array;
};

test("is right to two units in the last place, in vectors and in what is left of them", async () => {
  // 16,001 of them: no multiple of a vector's width.
  const x = Float32Array.from({ length: 16_001 }, (_, i) => (i - 8000) / 97);
  const y = await softplus(x);
  let worst = 0;
  x.forEach((value, i) => {
    const exact = Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
    worst = Math.max(worst, Math.abs(y[i]! - exact) / exact);
  });
  expect(worst).toBeLessThan(2 * 2 ** -23);
});

test("goes on to the ends of the number line", async () => {
  const { POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN: none } = Number;
  const y = await softplus(Float32Array.of(POSITIVE_INFINITY, NEGATIVE_INFINITY, none, 1e30, -1e30, 0, -0));
  expect(y[0]).toBe(POSITIVE_INFINITY);
  expect(y[1]).toBeGreaterThanOrEqual(0);
  expect(y[1]).toBeLessThan(1e-37);
  expect(y[2]).toBeNaN();
  expect(y[3]).toBe(Math.fround(1e30));
  expect(y[4]).toBeLessThan(1e-37);
  expect(y[5]).toBe(Math.fround(Math.LN2));
  expect(y[6]).toBe(Math.fround(Math.LN2));
});
