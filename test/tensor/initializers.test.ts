/** Second moments of initializers against their formulas, and the orthogonality of orthogonal ones. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { conv2dTranspose, initializerOf } from "../../src/nn/index.js";
import { stream } from "../../src/numerics/streams.js";
import { drawing, drawn } from "../../src/tensor/drawing.js";
import type { Shape } from "../../src/tensor/fields.js";
import { INITIALIZERS, type InitializerName, NAMED_INITIALIZERS } from "../../src/tensor/initializers.js";
import { ParameterStore } from "../../src/tensor/parameters.js";

const draw = (name: InitializerName, shape: Shape): Float32Array =>
  drawn(drawing(NAMED_INITIALIZERS[name](shape, stream(1, name))));
const meanSquare = (values: Float32Array): number => values.reduce((sum, v) => sum + v * v, 0) / values.length;

/** A window of 3 x 3 over 20 channels gives 40: in 180, out 360. */
const SHAPE = [3, 3, 20, 40];
const COUNT = 7200;
const VARIANCES: Partial<Record<InitializerName, { variance: number; largest?: number }>> = {
  "he-normal": { variance: 2 / 180 },
  "he-uniform": { variance: 2 / 180, largest: Math.sqrt(6 / 180) },
  "glorot-normal": { variance: 2 / 540 },
  "glorot-uniform": { variance: 2 / 540, largest: Math.sqrt(6 / 540) },
  "lecun-normal": { variance: 1 / 180 },
  normal: { variance: 1 },
};

test.each(Object.entries(VARIANCES))("%s has its paper's variance", (name, { variance, largest }) => {
  const values = draw(name as InitializerName, SHAPE);
  expect(values.length).toBe(COUNT);
  // Five standard errors of a variance of as many normal draws; of uniform ones it is smaller.
  expect(Math.abs(meanSquare(values) / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT));
  const extreme = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === undefined) expect(extreme).toBeGreaterThan(3 * Math.sqrt(variance));
  else expect([extreme > 0.99 * largest, extreme <= largest * (1 + 1e-6)]).toEqual([true, true]);
});

test("zeros are", () => expect(draw("zeros", SHAPE).every((value) => value === 0)).toBe(true));

describe.each([[[7, 5]], [[5, 7]], [[2, 2, 3, 6]]])("an orthogonal %j", (shape) => {
  test("has orthonormal rows or columns, whichever are fewer", () => {
    const columns = shape.at(-1)!;
    const values = draw("orthogonal", shape);
    const rows = values.length / columns;
    const line = (i: number): number[] =>
      rows < columns
        ? Array.from(values.slice(i * columns, (i + 1) * columns))
        : Array.from({ length: rows }, (_, row) => values[row * columns + i]!);
    for (let i = 0; i < Math.min(rows, columns); i++)
      for (let j = 0; j <= i; j++) {
        const product = line(i).reduce((sum, value, k) => sum + value * line(j)[k]!, 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 6);
      }
  });
});

/** Hashes of what each initializer drew before it drew in steps: seeded runs start from the same weights. */
test.each([
  ["glorot-uniform", [3, 3, 20, 40], "a4d002ff97e26163"],
  ["glorot-normal", [300, 70], "ebbadc58a6ff1780"],
  ["he-uniform", [40, 60], "7a82449050fe89f6"],
  ["he-normal", [3, 3, 20, 40], "737b346ec6effe5d"],
  ["lecun-normal", [300, 70], "78dbf9104347be8d"],
  ["normal", [40, 60], "d30747cf78b01ee7"],
  ["orthogonal", [40, 60], "baa49d0c6e255b38"],
  ["orthogonal", [3, 3, 20, 40], "0091f412190a1858"],
  ["orthogonal", [300, 70], "89a74720f0c3c36b"],
] as const)("%s of %j keeps its bytes", (name, shape, hash) => {
  const { buffer } = draw(name, shape);
  expect(createHash("sha256").update(new Uint8Array(buffer)).digest("hex").slice(0, 16)).toBe(hash);
});

test("a gain multiplies, and a name is asked before what is inherited", () => {
  const shape = [4, 3];
  const at = (initializer: ReturnType<typeof initializerOf>): number[] =>
    Array.from(drawn(drawing(initializer(shape, stream(1, "w")))));
  const plain = at(initializerOf({ initializer: "normal" }));
  for (const [i, value] of at(initializerOf({ initializer: "normal", gain: 0.02 })).entries())
    expect(value).toBeCloseTo(0.02 * plain[i]!, 7);
  const zeros = () => NAMED_INITIALIZERS.zeros;
  expect(at(initializerOf({ initializer: "normal" }, zeros))).toEqual(plain);
  expect(at(initializerOf({}, zeros))).toEqual(Array(12).fill(0));
  expect(at(initializerOf({ activation: "relu" }))).toEqual(at(NAMED_INITIALIZERS["he-normal"]));
  expect(at(initializerOf({ activation: "selu" }))).toEqual(at(NAMED_INITIALIZERS["lecun-normal"]));
  expect(at(initializerOf({ activation: "tanh" }))).toEqual(at(NAMED_INITIALIZERS["glorot-uniform"]));
});

test("a transposed convolution tells an initializer how many numbers each output is summed from", () => {
  const store = new ParameterStore();
  const shape = { inputs: 20, outputs: 40, kernel: 4, stride: 2, initializer: NAMED_INITIALIZERS["he-normal"] };
  conv2dTranspose(store.scope(), [8, 8], shape);
  // Of the window's 16 places 4 meet an input at a stride of 2: 20 channels there.
  const { data } = store.initialValues(1).weights!;
  expect(Math.abs(meanSquare(data) / (2 / 80) - 1)).toBeLessThan(5 * Math.sqrt(2 / data.length));
});

test("each has a name in the schemas", () => {
  expect([...INITIALIZERS].sort()).toEqual([...Object.keys(VARIANCES), "orthogonal", "zeros"].sort());
});
