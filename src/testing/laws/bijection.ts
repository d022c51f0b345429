/** What a bijection owes to its contract (src/contracts/bijection.ts), for shared and for amortized parameters. */
import type { Transform } from "../../contracts/bijection.js";
import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import { Flow } from "../../distributions/flow.js";
import type { Engine } from "../../engine/engine.js";
import { evaluationCall } from "../../inference/call.js";
import type { Definition } from "../../spec/define.js";
import { type Shape, showShape } from "../../tensor/fields.js";
import { sumEvent } from "../../tensor/mathematics.js";
import type { Bindings } from "../../tensor/parameters.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { assertClose, assertFinite, assertNear, assertShape, assertThat } from "../assertions.js";
import { buildComponent } from "../component.js";
import { assertGradient, parameterGradients, SLOPE_TOLERANCE, slopesBeside } from "../differences.js";
import { integrate } from "../integrate.js";
import { logDeterminant } from "../jacobian.js";
import { type Law, lawOf } from "../law.js";
import { noiseOf, normals } from "../values.js";
import { type LawOptions, nameOf } from "./options.js";

const N = 4;
const FEATURES: Shape = [5];
const SHAPES: readonly Shape[] = [[3], [2, 2], [1]];

interface Placed {
  shape: Shape;
  isConditioned: boolean;
}

const build = async (engine: Engine, definition: Definition<"bijection">, options: LawOptions, placed: Placed) => {
  const { shape, isConditioned } = placed;
  const context = { shape, ...(isConditioned && { features: FEATURES }) };
  const built = await buildComponent(definition, context, options);
  const features = isConditioned ? normals([N, ...FEATURES], "features") : undefined;
  /** With the values that are bound. */
  const bound = (rows = N): Transform =>
    built.made.at({
      call: evaluationCall(noiseOf(engine)),
      ...(features && { features: tf.slice(features, 0, rows) }),
    });
  const at = (values: Bindings = built.bindings, rows = N): Transform => built.store.bind(values, () => bound(rows));
  return { ...built, bound, at };
};
type Built = Awaited<ReturnType<typeof build>>;

const assertRows = ({ at }: Built, shape: Shape): void => {
  for (const sample of [[], [2], [2, 3]]) {
    const x = normals([...sample, N, ...shape]);
    const { value, logDet } = at().forward(x);
    assertShape("the value of forward", value.shape, x.shape);
    assertShape("logDet of forward, broadcast,", tf.broadcastTo(logDet, [...sample, N]).shape, [...sample, N]);
    assertFinite("the value of forward", value.dataSync());
  }
  const x = normals([N, ...shape]);
  const [whole, rows] = [at().forward(x).value, at(undefined, 2).forward(tf.slice(x, 0, 2)).value];
  assertClose("the value of two examples by themselves", rows, tf.slice(whole, 0, 2));
};

const assertLogDeterminant = ({ at }: Built, shape: Shape): void => {
  const x = normals([N, ...shape]);
  const { forward } = at();
  const logDet = tf.broadcastTo(forward(x).logDet, [N]);
  // The determinant for example i, with the other examples unchanged.
  const expected = Array.from({ length: N }, (_, i) => logDeterminant(forward, x, i));
  // Differences of float32 values near 1 with a step of .01 are good to 1e-4, times the number of elements.
  assertClose("logDet of forward, beside the numeric Jacobian,", logDet, expected, 2e-3);
};

const assertInverse = ({ at, capabilities }: Built, shape: Shape): void => {
  const { forward, inverse } = at();
  const isDeclared = capabilities.includes("invertible");
  assertThat(
    (inverse !== undefined) === isDeclared,
    `"invertible" is ${isDeclared ? "" : "not "}declared, and the map has ${inverse ? "an" : "no"} inverse`,
  );
  if (!inverse) return;
  const x = normals([2, N, ...shape]);
  const there = forward(x);
  const back = inverse(there.value);
  assertClose("inverse(forward(x))", back.value, x, 1e-4);
  const total = tf.broadcastTo(tf.add(there.logDet, back.logDet), [2, N]);
  assertClose("the sum of logDet of both directions", total, tf.zeros([2, N]), 1e-4);
};

const assertGradients = ({ store, bindings, bound, at }: Built, shape: Shape): void => {
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
  assertGradient("the input", (input) => loss(at(), input), x, SLOPE_TOLERANCE);
  const gradients = parameterGradients(store, bindings, () => loss(bound(), x));
  for (const [name, gradient] of Object.entries(gradients)) {
    const of = (value: Tensor): Tensor => loss(at({ ...bindings, [name]: value }), x);
    const slopes = slopesBeside(gradient, of, bindings[name]!, SLOPE_TOLERANCE);
    assertNear(`the gradient of the parameter "${name}"`, gradient.dataSync(), slopes, SLOPE_TOLERANCE);
  }
};

/** Shapes, the log-determinant beside a numeric Jacobian, the inverse, gradients, and the mass of what it makes of a Gaussian. */
export const bijectionLaws = (engine: Engine, definition: Definition<"bijection">, options: LawOptions = {}): Law[] => {
  const name = nameOf(definition, options);
  const law = (title: string, placed: Placed, assert: (built: Built, shape: Shape) => void): Law =>
    lawOf(name, title, async () => {
      const built = await build(engine, definition, options, placed);
      tf.tidy(() => assert(built, placed.shape));
    });
  const placed = SHAPES.flatMap((shape) => [false, true].map((isConditioned): Placed => ({ shape, isConditioned })));
  return [
    law(
      "a standard Gaussian becomes a density that integrates to 1, if there is an inverse",
      { shape: [2], isConditioned: false },
      ({ at }) => {
        const transform = at();
        if (!transform.inverse) return;
        const { mass } = integrate(new Flow(new DiagonalGaussian(tf.zeros([2]), tf.zeros([2])), [transform]));
        // A radial flow has a kink at its center, where the rule converges as the square of its step.
        assertNear("the total mass", [mass], [1], 5e-4);
      },
    ),
    ...placed.flatMap((each) => {
      const of = `of ${showShape(each.shape)}${each.isConditioned ? ", conditioned" : ""}`;
      return [
        law(`${of}: the shapes are those of the input, row by row`, each, assertRows),
        law(`${of}: the log-determinant is that of the Jacobian by differences`, each, assertLogDeterminant),
        law(`${of}: the inverse leads back, if there is one`, each, assertInverse),
        law(`${of}: gradients agree with differences`, each, assertGradients),
      ];
    }),
  ];
};
