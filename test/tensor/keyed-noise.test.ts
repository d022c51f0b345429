/** Blocks that are computed together draw what each would draw alone. */
import { expect, test } from "vitest";
import { blocksNoise, keyedNoise } from "../../src/tensor/keyed-noise.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";

test("each block's part of a draw is its own, on whichever axis the examples are", async () => {
  const { noise: kernels } = await useEngine();
  tf.tidy(() => {
    const keys = [
      [3, 5],
      [8, -2],
      [3, 6],
    ];
    const together = blocksNoise(kernels, tf.tensor2d(keys, [3, 2], "int32"), 4).fork("infer");
    const apart = keys.map((key) => keyedNoise(kernels, tf.tensor1d(key, "int32")).fork("infer"));
    const bytes = (tensor: ReturnType<typeof tf.add>) => Array.from(tensor.dataSync());
    expect(bytes(together.normal("z", [12, 2]))).toEqual(apart.flatMap((noise) => bytes(noise.normal("z", [4, 2]))));
    const draws = tf.unstack(together.uniform("u", [2, 12, 3]), 0);
    const alone = apart.map((noise) => tf.unstack(noise.uniform("u", [2, 4, 3]), 0));
    for (const [sample, draw] of draws.entries())
      expect(bytes(draw)).toEqual(alone.flatMap((samples) => bytes(samples[sample]!)));
    expect(() => together.normal("w", [4, 2])).toThrow("no axis of 3 blocks of 4 examples");
  });
});
