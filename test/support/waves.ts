/** Inputs and parameters by the formula of test/oracles/layers.py, and comparison with what it computed of them. */
import { expect } from "vitest";
import type { CallContext } from "../../src/contracts/index.js";
import { type Shape, sizeOf } from "../../src/tensor/fields.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { assertNear } from "../../src/testing/assertions.js";

export interface LayerFixture {
  x: number[];
  shape: number[];
  y: number[];
  gradients: Readonly<Record<string, number[]>>;
  assigned?: Readonly<Record<string, number[]>>;
}

export const wave = (shape: Shape, phase: number, around = 0): Tensor =>
  tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => around + 0.5 * Math.sin(phase + 0.7 * i)),
    [...shape],
  );

/** Waves in the order of declaration; scales and variances stand around 1. */
export const waveBindings = (store: ParameterStore): Record<string, Tensor> =>
  Object.fromEntries(
    store.parameters.map(({ name, shape }, i) => [
      name,
      wave(shape, 1 + i, /(^|\/)(scale|variance)$/.test(name) ? 1 : 0),
    ]),
  );

/** Values, gradients in the input and in every trained parameter, and assigned statistics are those of the fixture. */
export const expectFixture = (
  fixture: LayerFixture,
  context: CallContext,
  declare: (parameters: ReturnType<ParameterStore["scope"]>) => (x: Tensor, context: CallContext) => Tensor,
  tolerance = 2e-5,
): void => {
  const store = new ParameterStore();
  const layer = declare(store.scope());
  const bindings = waveBindings(store);
  const apply = (x: Tensor, values: Readonly<Record<string, Tensor>>) =>
    store.collectAssignments(() => store.bind(values, () => layer(x, context)));
  const x = wave(fixture.x, 0);
  const { result, assigned } = apply(x, bindings);
  expect(result.shape).toEqual(fixture.shape);
  assertNear("y", result.dataSync(), fixture.y, tolerance);
  for (const [name, value] of Object.entries(fixture.assigned ?? {}))
    assertNear(name, assigned[name]!.dataSync(), value, tolerance);
  expect(Object.keys(assigned).length).toBe(Object.keys(fixture.assigned ?? {}).length);

  const names = ["x", ...store.parameters.filter(({ trainable }) => trainable).map(({ name }) => name)];
  const upstream = wave(result.shape, 20);
  const gradients = tf.grads((input: Tensor, ...values: Tensor[]) => {
    const moved = { ...bindings, ...Object.fromEntries(values.map((value, i) => [names[i + 1]!, value])) };
    return tf.sum(tf.mul(apply(input, moved).result, upstream));
  })([x, ...names.slice(1).map((name) => bindings[name]!)]);
  for (const [i, name] of names.entries())
    assertNear(name, gradients[i]!.dataSync(), fixture.gradients[name]!, tolerance);
};
