/** Initial values of parameters, each drawn on the host from its own stream. */

import { normal, type Stream } from "../numerics/streams.js";
import { type Drawing, drawEach, drawing } from "./drawing.js";
import { type Shape, sizeOf } from "./fields.js";
import { orthonormal } from "./orthogonal.js";

/** Fan-in and fan-out: inputs of each output, and outputs of each input. */
export interface Fans {
  fanIn: number;
  fanOut: number;
}
/**
 * The values of a weight, or a drawing that returns them where that can take long.
 * @param fans for a weight whose shape does not determine them, such as a transposed convolution.
 */
export type Initializer = (shape: Shape, uniform: Stream, fans?: Fans) => Float32Array | Drawing;

/** Fans of a dense [in, out] or convolution [height, width, in, out] weight. */
const fansOf = (shape: Shape): Fans => {
  const [outputs = 1, inputs = 1, ...window] = [...shape].reverse();
  return { fanIn: inputs * sizeOf(window), fanOut: outputs * sizeOf(window) };
};
const fill = (shape: Shape, draw: () => number): Drawing => drawEach(sizeOf(shape), draw);

export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);
export const zeros: Initializer = constant(0);
export const ones: Initializer = constant(1);

/** U(-a, a), a = sqrt(6 / (in + out)) (Glorot & Bengio 2010). */
export const glorotUniform: Initializer = (shape, uniform, { fanIn, fanOut } = fansOf(shape)) => {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return fill(shape, () => (2 * uniform() - 1) * limit);
};

/** N(0, 2 / in) (He et al. 2015), for layers followed by a rectifier. */
export const heNormal: Initializer = (shape, uniform, { fanIn } = fansOf(shape)) => {
  const scale = Math.sqrt(2 / fanIn);
  return fill(shape, () => normal(uniform) * scale);
};

export const normalWith =
  (mean: number, deviation: number): Initializer =>
  (shape, uniform) =>
    fill(shape, () => mean + deviation * normal(uniform));

/** For outputs that begin near 0, and not at it: the hidden units before them would get no gradient. */
export const nearZero: Initializer = normalWith(0, 0.01);

/** U(-a, a), a = sqrt(6 / in) (He et al. 2015): the same variance as `heNormal`. */
const heUniform: Initializer = (shape, uniform, { fanIn } = fansOf(shape)) => {
  const limit = Math.sqrt(6 / fanIn);
  return fill(shape, () => (2 * uniform() - 1) * limit);
};
/** N(0, 2 / (in + out)) (Glorot & Bengio 2010). */
const glorotNormal: Initializer = (shape, uniform, { fanIn, fanOut } = fansOf(shape)) => {
  const scale = Math.sqrt(2 / (fanIn + fanOut));
  return fill(shape, () => normal(uniform) * scale);
};
/** N(0, 1 / in) (LeCun et al. 1998), for layers followed by a selu (Klambauer et al. 2017). */
export const lecunNormal: Initializer = (shape, uniform, { fanIn } = fansOf(shape)) => {
  const scale = Math.sqrt(1 / fanIn);
  return fill(shape, () => normal(uniform) * scale);
};

/** Orthonormal rows or columns, whichever are fewer, of the weight as a matrix [everything but the last axis, last axis]. */
const orthogonal: Initializer = function* (shape, uniform) {
  const columns = shape.at(-1) ?? 1;
  const rows = sizeOf(shape) / columns;
  const isWide = rows < columns;
  const basis = yield* orthonormal(Math.min(rows, columns), Math.max(rows, columns), uniform);
  const values = new Float32Array(rows * columns);
  for (const [k, vector] of basis.entries())
    if (isWide) values.set(vector, k * columns);
    else for (let row = 0; row < rows; row++) values[row * columns + k] = vector[row]!;
  return values;
};

/** The values of an initializer, each changed. */
export const mapped = (initializer: Initializer, change: (value: number) => number): Initializer =>
  function* (shape, uniform, fans) {
    const values = yield* drawing(initializer(shape, uniform, fans));
    return values.map(change);
  };

export const scaled = (initializer: Initializer, gain: number): Initializer =>
  mapped(initializer, (value) => gain * value);

/** Initializers by their names in specs. Normal draws are not truncated. */
export const NAMED_INITIALIZERS = {
  "glorot-uniform": glorotUniform,
  "glorot-normal": glorotNormal,
  "he-uniform": heUniform,
  "he-normal": heNormal,
  "lecun-normal": lecunNormal,
  orthogonal,
  normal: normalWith(0, 1),
  zeros,
} as const satisfies Readonly<Record<string, Initializer>>;
export type InitializerName = keyof typeof NAMED_INITIALIZERS;
/** For the `enum` of a schema. */
export const INITIALIZERS = Object.keys(NAMED_INITIALIZERS) as [InitializerName, ...InitializerName[]];
