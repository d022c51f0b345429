/**
 * The contract of a probability distribution. Shapes follow TensorFlow Probability: a sample is
 * [...sampleShape, ...batchShape, ...eventShape], and `logProb` of a value that broadcasts against it is
 * [...sampleShape, ...batchShape]: event axes are summed, the batch is never averaged. Nats throughout.
 */
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { Tensor } from "../tensor/tensor.js";

export interface Distribution<Value = Tensor> {
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  /** Set where there is no density with respect to Lebesgue or counting measure (a point mass): `logProb` then throws. */
  readonly singular?: true;
  /** Set where `logProb` is that of a mass (counting measure): on dequantized values it is then no density. */
  readonly discrete?: true;
  /** Reparameterized where the distribution allows it. `site` names the draw: one draw a site a step. */
  sample(noise: Noise, site: string, sampleShape: Shape): Value;
  /** A flow never has to invert its own sample. */
  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Value; logProb: Tensor };
  logProb(value: Value): Tensor;
  /** Not summed over event axes: masks, free bits and total correlation need the parts. Absent where it does not factorize. */
  logProbElements?(value: Value): Value;
  /** Every value of a finite support, stacked on a new first axis. */
  enumerate?(): Value;
  mean?(): Value;
}
