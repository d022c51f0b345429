/** First values of parameters, drawn on the host from a stream of their own. */
import { type Shape, sizeOf } from "./fields.js";
import { normal, type Stream } from "./rng.js";

export type Initializer = (shape: Shape, uniform: Stream) => Float32Array;

/** Inputs and outputs of a dense [in, out] or convolution [height, width, in, out] weight. */
const fans = (shape: Shape): { fanIn: number; fanOut: number } => {
  const [outputs = 1, inputs = 1, ...window] = [...shape].reverse();
  return { fanIn: inputs * sizeOf(window), fanOut: outputs * sizeOf(window) };
};
const fill = (shape: Shape, draw: () => number): Float32Array => Float32Array.from({ length: sizeOf(shape) }, draw);

export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);
export const zeros: Initializer = constant(0);

/** U(-a, a), a = sqrt(6 / (in + out)) (Glorot & Bengio 2010). */
export const glorotUniform: Initializer = (shape, uniform) => {
  const { fanIn, fanOut } = fans(shape);
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return fill(shape, () => (2 * uniform() - 1) * limit);
};

/** N(0, 2 / in) (He et al. 2015), for layers that a rectifier follows. */
export const heNormal: Initializer = (shape, uniform) => {
  const scale = Math.sqrt(2 / fans(shape).fanIn);
  return fill(shape, () => normal(uniform) * scale);
};

export const normalWith =
  (mean: number, deviation: number): Initializer =>
  (shape, uniform) =>
    fill(shape, () => mean + deviation * normal(uniform));
