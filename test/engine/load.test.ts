import { expect, test } from "vitest";
import { tf } from "../../src/core/tensor.js";
import { loadEngine } from "../../src/engine/load.js";
import { useEngine } from "../support/engine.js";

test("native, wasm and cpu compute the same gradient on one tfjs", async () => {
  const native = await useEngine();
  expect(native.version).toBe("2.21.0");
  for (const name of ["native", "wasm", "cpu"] as const) {
    const engine = await loadEngine(name);
    expect(engine.tf).toBe(native.tf);
    expect(
      Array.from(
        tf
          .grad((x) => tf.sum(tf.mul(x, tf.square(x))))(tf.tensor1d([1, 2, 3]))
          .dataSync(),
      ),
    ).toEqual([3, 12, 27]);
    const key = tf.tensor1d([1, 2], "int32");
    console.log(name, engine.noise.normal(key, [5]).dataSync(), engine.noise.uniform(key, [5]).dataSync());
  }
});
