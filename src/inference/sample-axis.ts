/**
 * The sample axis of inference. Draws are its outer part; each latent that is summed over (enumerated) multiplies it by the size of
 * its support, the latest innermost: [S * K1 * K2, B]. A value is kept as short as it is: without the draws where it does not
 * depend on one, and without the supports that were added after it.
 */
import { VaelabError } from "../errors.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** [rows, B, ...]. */
export interface Rows {
  tensor: Tensor;
  /** Whether it differs from draw to draw. */
  drawn: boolean;
}

const tiled = (x: Tensor, axis: number, times: number): Tensor =>
  times === 1
    ? x
    : tf.tile(
        x,
        Array.from({ length: x.rank }, (_, i) => (i === axis ? times : 1)),
      );

/** Rows [A, B, ...] of something per example, as [length, B, ...], each repeated in place. */
export const alongSamples = (x: Tensor, length: number): Tensor => {
  const [rows, ...rest] = x.shape as [number, ...number[]];
  if (rows === length) return x;
  return tf.reshape(tiled(tf.expandDims(x, 1), 1, length / rows), [length, ...rest]);
};

export class SampleAxis {
  /** Values of all enumerated latents so far, together. */
  private support = 1;

  constructor(
    /** Draws an example. */
    readonly draws: number,
  ) {}

  /** Multiplies the axis by the support of another latent. */
  enumerate(values: number): void {
    this.support *= values;
  }

  length(drawn: boolean): number {
    return (drawn ? this.draws : 1) * this.support;
  }

  /** [length(drawn), B, ...]: each row once for every value of the supports added since, and for every draw. */
  spread({ tensor, drawn }: Rows, asDrawn: boolean): Tensor {
    if (drawn && !asDrawn) throw new VaelabError("INTERNAL", { message: "a draw was asked for as if it were none" });
    const inner = alongSamples(tensor, this.support * (drawn ? this.draws : 1));
    return asDrawn && !drawn ? tiled(inner, 0, this.draws) : inner;
  }
}
