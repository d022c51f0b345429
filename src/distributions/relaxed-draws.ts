/**
 * A discrete distribution with draws that have a gradient, for training. Its KL and its mean are those of the discrete one. Draws are
 * relaxed, and their log-probability is the relaxed density; or they are values of the discrete one with the gradient of relaxed draws
 * (straight-through, Bengio et al. 2013; Jang, Gu & Poole 2017, section 2.2), and the discrete one scores them.
 */
import type { ClosedFormKl, Distribution } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { straightThrough, type Tensor } from "../tensor/tensor.js";
import { closedFormKl } from "./kl.js";
import { drawLazilyScored } from "./lazily-scored.js";

/** What both the discrete and the relaxed distribution can do. */
type Part = Distribution & Required<Pick<Distribution, "detached" | "withBatch">>;

export class RelaxedDraws implements Distribution {
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly counterpart?: (p: Distribution) => Distribution;
  readonly logProbElements?: (value: Tensor) => Tensor;
  readonly variance?: () => Tensor;

  /** @param harden the value of the discrete distribution that a relaxed draw stands for: makes draws straight-through */
  constructor(
    private readonly exact: Part,
    private readonly relaxed: Part,
    private readonly harden?: (draw: Tensor) => Tensor,
  ) {
    this.batchShape = exact.batchShape;
    this.eventShape = exact.eventShape;
    const scored = this.scored();
    if (scored.logProbElements) this.logProbElements = (value) => scored.logProbElements!(value);
    if (exact.variance) this.variance = () => exact.variance!();
    if (!harden && relaxed.counterpart) this.counterpart = (p) => relaxed.counterpart!(p);
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const draw = this.relaxed.sample(noise, site, sampleShape);
    return this.harden ? straightThrough(this.harden(draw), draw) : draw;
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    return this.scored().logProb(value);
  }

  mean(): Tensor {
    return this.exact.mean!();
  }

  klTo(p: Distribution): ClosedFormKl | undefined {
    return closedFormKl(this.exact, p);
  }

  detached(): RelaxedDraws {
    return new RelaxedDraws(this.exact.detached() as Part, this.relaxed.detached() as Part, this.harden);
  }

  withBatch(batchShape: Shape): RelaxedDraws {
    const [exact, relaxed] = [this.exact.withBatch(batchShape), this.relaxed.withBatch(batchShape)];
    return new RelaxedDraws(exact as Part, relaxed as Part, this.harden);
  }

  /** The distribution that scores the draws. */
  private scored(): Part {
    return this.harden ? this.exact : this.relaxed;
  }
}
