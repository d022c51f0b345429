/** The contrast in closed form, and the shift of views. */
import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { contrast, contrastive, shifted } from "../../../src/losses/regularizers/contrastive.js";
import { tf } from "../../../src/tensor/tensor.js";
import { loadWritten } from "../../../src/testing/experiment.js";
import { useEngine } from "../../support/engine.js";
import { figuresAt } from "../../support/penalty.js";
import { expectGradient, noiseOf, tensorOf, valuesOf } from "../../support/tensors.js";
import { unitGaussianModel } from "../../support/unit-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

test("of two examples with equal views at a right angle it is ln(1 + 2 exp(-1 / T))", () => {
  const codes = tensorOf([
    [3, 0],
    [0, 0.2],
  ]);
  for (const temperature of [0.5, 2])
    expect(valuesOf(contrast(codes, codes, temperature))[0]).toBeCloseTo(
      Math.log(1 + 2 * Math.exp(-1 / temperature)),
      5,
    );
});
test("of codes that are all the same it is ln(2 B - 1)", () => {
  const codes = tf.ones([4, 3]);
  expect(valuesOf(contrast(codes, codes, 0.5))[0]).toBeCloseTo(Math.log(7), 5);
});
test("its gradient is that of its differences", () => {
  const other = tensorOf([
    [0.3, -1],
    [0.8, 0.4],
  ]);
  expectGradient(
    (at) => contrast(at, other, 0.5),
    tensorOf([
      [1, 0.5],
      [-0.2, 0.7],
    ]),
  );
});
test("without augmentation of a sharp posterior it is that of the examples themselves", () => {
  const model = unitGaussianModel({ slope: [1, 1], variance: 1e-12 });
  const at = {
    model,
    x: tensorOf([
      [2, 0],
      [0, 1],
    ]),
  };
  const found = figuresAt(engine, contrastive, { temperature: 0.5, noise: 0, dropout: 0, shift: 0 }, at);
  expect(found.value).toBeCloseTo(Math.log(1 + 2 * Math.exp(-2)), 4);
});

test("a shifted image is one of those within reach, and zeros move in", () => {
  const image = Array.from({ length: 9 }, (_, i) => i + 1);
  const images = tf.reshape(tensorOf(Array<number[]>(200).fill(image).flat()), [200, 3, 3, 1]);
  const found = valuesOf(shifted(images, 1, noiseOf(engine)));
  const possible = [-1, 0, 1].flatMap((down) =>
    [-1, 0, 1].map((across) =>
      image
        .map((_, at) => {
          const [y, x] = [Math.floor(at / 3) + down, (at % 3) + across];
          return y < 0 || y > 2 || x < 0 || x > 2 ? 0 : image[3 * y + x];
        })
        .join(),
    ),
  );
  const seen = new Set(Array.from({ length: 200 }, (_, i) => Array.from(found.slice(9 * i, 9 * i + 9)).join()));
  expect([...seen].sort()).toEqual(possible.sort());
});

test("is refused where values cannot be shifted", async () => {
  const written = { regularizers: [{ type: "contrastive", shift: 2 }], data: { type: "tiny", kind: "table" } };
  await expect(loadWritten(written)).rejects.toThrow("only images can be shifted");
});
