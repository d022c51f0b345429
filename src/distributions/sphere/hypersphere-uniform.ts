/** The uniform distribution on the unit sphere in R^D, with respect to its area; on a product of spheres where the event has more axes. */
import type { Distribution } from "../../contracts/distribution.js";
import { type Shape, sizeOf } from "../../tensor/fields.js";
import type { Noise } from "../../tensor/keyed-noise.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { drawLazilyScored } from "../lazily-scored.js";
import { logSphereArea, normalized } from "./geometry.js";

export class HypersphereUniform implements Distribution {
  readonly family = "hypersphere-uniform";
  readonly batchShape: Shape = [];

  constructor(readonly eventShape: Shape) {}

  mean(): Tensor {
    return tf.zeros([...this.eventShape]);
  }

  detached(): HypersphereUniform {
    return this;
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return normalized(noise.normal(site, [...sampleShape, ...this.eventShape]));
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    const spheres = sizeOf(this.eventShape.slice(0, -1));
    const leading = value.shape.slice(0, value.rank - this.eventShape.length);
    return tf.fill(leading, -spheres * logSphereArea(this.eventShape.at(-1)!));
  }
}
