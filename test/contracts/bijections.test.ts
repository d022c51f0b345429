/** Every bijection is what its log-determinant says, and its inverse is one, for shared and for amortized parameters. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Transform } from "../../src/contracts/bijection.js";
import { DiagonalGaussian, Flow } from "../../src/distributions/index.js";
import { capabilitiesOf } from "../../src/registry/checking/capabilities.js";
import { type Builder, createBuilder } from "../../src/registry/components/build.js";
import type { Shape } from "../../src/tensor/fields.js";
import { sumEvent } from "../../src/tensor/mathematics.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { calling } from "../support/calls.js";
import { parameterGradients } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { differences, expectClose, expectGradient, valuesOf } from "../support/tensors.js";
import { casesOfKind } from "./support/cases.js";
import { loadWritten } from "./support/experiment.js";
import { integrate } from "./support/integrate.js";
import { logDeterminant } from "./support/jacobian.js";
import { movedBindings, normals } from "./support/parts.js";

let builder: Builder;
beforeAll(async () => {
  await useEngine();
  builder = createBuilder((await loadWritten({})).catalogue);
});
const N = 4;
const FEATURES: Shape = [5];
const SHAPES: readonly Shape[] = [[3], [2, 2], [1]];

describe.each(casesOfKind("bijection").map((each) => [each.name, each] as const))("%s", (_, each) => {
  const build = async (shape: Shape, isConditioned: boolean) => {
    const store = new ParameterStore();
    const bijection = await builder.build("bijection", each.fields, "/bijection", {
      bijection: () => ({ shape, ...(isConditioned && { features: FEATURES }), parameters: store.scope("f") }),
    });
    const bindings = movedBindings(store);
    const features = isConditioned ? normals([N, ...FEATURES], "features") : undefined;
    /** With the values that are bound. */
    const bound = (rows = N): Transform =>
      bijection.at({ call: calling(), ...(features && { features: tf.slice(features, 0, rows) }) });
    const at = (values = bindings, rows = N): Transform => store.bind(values, () => bound(rows));
    return { store, bindings, bound, at };
  };

  test("a standard Gaussian becomes a density that integrates to 1, if there is an inverse", async () => {
    const { at } = await build([2], false);
    const transform = at();
    if (!transform.inverse) return;
    const { mass } = integrate(new Flow(new DiagonalGaussian(tf.zeros([2]), tf.zeros([2])), [transform]));
    // A radial flow has a kink at its center, where the rule converges as the square of its step.
    expect(mass).toBeCloseTo(1, 3);
  });

  for (const shape of SHAPES)
    for (const isConditioned of [false, true]) {
      const title = `of [${shape}]${isConditioned ? ", conditioned" : ""}`;

      test(`${title}: the shapes are those of the input, row by row`, async () => {
        const { at } = await build(shape, isConditioned);
        for (const sample of [[], [2], [2, 3]]) {
          const x = normals([...sample, N, ...shape]);
          const { value, logDet } = at().forward(x);
          expect(value.shape).toEqual(x.shape);
          expect(tf.broadcastTo(logDet, [...sample, N]).shape).toEqual([...sample, N]);
          expect(valuesOf(value).every(Number.isFinite)).toBe(true);
        }
        const x = normals([N, ...shape]);
        const [whole, rows] = [at().forward(x).value, at(undefined, 2).forward(tf.slice(x, 0, 2)).value];
        expectClose(rows, tf.slice(whole, 0, 2).arraySync() as never);
      });

      test(`${title}: the log-determinant is that of the Jacobian by differences`, async () => {
        const { at } = await build(shape, isConditioned);
        const x = normals([N, ...shape]);
        const { forward } = at();
        const logDet = tf.broadcastTo(forward(x).logDet, [N]);
        // Of example i alone, the other examples as they are.
        const expected = Array.from({ length: N }, (_, i) => logDeterminant(forward, x, i));
        // Differences of float32 values near 1 with a step of .01 are good to 1e-4, times the number of elements.
        expectClose(logDet, expected, 2e-3);
      });

      test(`${title}: the inverse leads back, if there is one`, async () => {
        const { at } = await build(shape, isConditioned);
        const { forward, inverse } = at();
        expect(inverse !== undefined).toBe(capabilitiesOf(each).includes("invertible"));
        if (!inverse) return;
        const x = normals([2, N, ...shape]);
        const there = forward(x);
        const back = inverse(there.value);
        expectClose(back.value, x.arraySync() as never, 1e-4);
        expectClose(
          tf.broadcastTo(tf.add(there.logDet, back.logDet), [2, N]),
          tf.zeros([2, N]).arraySync() as never,
          1e-4,
        );
      });

      test(`${title}: gradients agree with differences`, async () => {
        const { store, bindings, bound, at } = await build(shape, isConditioned);
        const x = normals([N, ...shape]);
        const weights = normals([N, ...shape], "weights");
        const loss = (transform: Transform, input: Tensor): Tensor =>
          (["forward", ...(transform.inverse ? (["inverse"] as const) : [])] as const)
            .map((direction) => {
              const { value, logDet } = transform[direction]!(input);
              const total = tf.add(sumEvent(tf.mul(value, weights), shape.length), logDet);
              return tf.sum(tf.mul(total, 0.1));
            })
            .reduce((sum, next) => tf.add(sum, next));
        expectGradient((input) => loss(at(), input), x, 5e-3);
        const gradients = parameterGradients(store, bindings, () => loss(bound(), x));
        for (const [name, gradient] of Object.entries(gradients))
          expectClose(
            tf.reshape(gradient, [-1]),
            valuesOf(differences((value) => loss(at({ ...bindings, [name]: value }), x), bindings[name]!)),
            5e-3,
          );
      });
    }
});
