/** Initial values of parameters, each drawn on the host from its own stream. */

import { normal, type Stream } from "../numerics/streams.js";
import { type Shape, sizeOf } from "./fields.js";

/** Fan-in and fan-out: inputs of each output, and outputs of each input. */
export interface Fans {
  fanIn: number;
  fanOut: number;
}
/** @param fans for a weight whose shape does not determine them, such as a transposed convolution. */
export type Initializer = (shape: Shape, uniform: Stream, fans?: Fans) => Float32Array;

/** Fans of a dense [in, out] or convolution [height, width, in, out] weight. */
const fansOf = (shape: Shape): Fans => {
  const [outputs = 1, inputs = 1, ...window] = [...shape].reverse();
  return { fanIn: inputs * sizeOf(window), fanOut: outputs * sizeOf(window) };
};
const fill = (shape: Shape, draw: () => number): Float32Array => Float32Array.from({ length: sizeOf(shape) }, draw);

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

/**
 * Orthonormal rows or columns, whichever are fewer, of the weight as a matrix [everything but the last axis, last axis]; uniform
 * among all such (Saxe, McClelland & Ganguli 2014): Gram-Schmidt on normal draws, in float64.
 */
const orthogonal: Initializer = (shape, uniform) => {
  const columns = shape.at(-1) ?? 1;
  const rows = sizeOf(shape) / columns;
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const basis: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = Float64Array.from({ length }, () => normal(uniform));
    // Twice, for what rounding leaves of the first time.
    for (const other of [...basis, ...basis]) {
      const along = vector.reduce((sum, value, i) => sum + value * other[i]!, 0);
      for (let i = 0; i < length; i++) vector[i]! -= along * other[i]!;
    }
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    basis.push(vector.map((value) => value / norm));
  }
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return rows < columns ? basis[row]![column]! : basis[column]![row]!;
  });
};

export const scaled =
  (initializer: Initializer, gain: number): Initializer =>
  (shape, uniform, fans) =>
    initializer(shape, uniform, fans).map((value) => gain * value);

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
