/** First values of parameters, drawn on the host from a stream of their own. */
import { type Shape, sizeOf } from "./fields.js";
import { normal, type Stream } from "./rng.js";

/** Numbers that an output is summed from, and outputs that an input goes into. */
export interface Fans {
  fanIn: number;
  fanOut: number;
}
/** @param fans of a weight whose shape does not tell them: a transposed convolution's. */
export type Initializer = (shape: Shape, uniform: Stream, fans?: Fans) => Float32Array;

/** Of a dense [in, out] or convolution [height, width, in, out] weight. */
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

/** N(0, 2 / in) (He et al. 2015), for layers that a rectifier follows. */
export const heNormal: Initializer = (shape, uniform, { fanIn } = fansOf(shape)) => {
  const scale = Math.sqrt(2 / fanIn);
  return fill(shape, () => normal(uniform) * scale);
};

export const normalWith =
  (mean: number, deviation: number): Initializer =>
  (shape, uniform) =>
    fill(shape, () => mean + deviation * normal(uniform));
