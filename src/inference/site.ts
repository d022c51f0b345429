/** One latent at work: a draw from q, what q and p say of it, and their divergence. */

import type { Distribution } from "../contracts/distribution.js";
import type { Site } from "../contracts/inferred.js";
import { closedFormKl } from "../distributions/kl.js";
import { VaelabError } from "../errors.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { sumEvent } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";

export interface SiteParts {
  /** Names the site and its draw. */
  name: string;
  /** batchShape [B]. */
  q: Distribution;
  /** batchShape [] or [B], or [S, B] where it depends on another site's draw. */
  p: Distribution;
  noise: Noise;
  /** Draws an example. */
  samples: number;
  /** Runs over the support of q instead of drawing. */
  enumerated?: boolean;
  /** The value [S, B, ...], where it was made before the site: p may depend on what is drawn from it, or q on another site. */
  drawn?: { value: Tensor; logProb: Tensor };
}

/** Computed when first read, then kept. */
const lazily = <T>(compute: () => T): (() => T) => {
  let kept: { value: T } | undefined;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
};

const draw = ({ name, q, noise, samples, enumerated, drawn }: SiteParts): { value: Tensor; logProb: Tensor } => {
  if (drawn) return drawn;
  if (!enumerated) return q.sampleAndLogProb(noise, name, [samples]);
  if (!q.enumerate) {
    throw new VaelabError("CONTRACT", {
      message: `the site "${name}" is enumerated, but its posterior has no finite support`,
    });
  }
  const value = q.enumerate();
  return {
    value,
    get logProb() {
      return q.logProb(value);
    },
  };
};

/** log q - log p of a value by event element, where both come apart by dimension. */
const elementsAt = (q: Distribution, p: Distribution, value: Tensor): (() => Tensor) | undefined =>
  q.logProbElements && p.logProbElements
    ? () => tf.sub(q.logProbElements!(value), p.logProbElements!(value))
    : undefined;

/** Log-probabilities and divergences are computed where they are first read, in the tidy scope of the reader. */
export const makeSite = (parts: SiteParts): Site => {
  const { name, q, p, enumerated = false } = parts;
  const drawn = draw(parts);
  const logQ = lazily(() => drawn.logProb);
  const logP = lazily(() => p.logProb(drawn.value));
  const closedForm = closedFormKl(q, p);
  const compute = closedForm ?? elementsAt(q, p, drawn.value);
  const elements = compute && lazily(compute);
  const kl = lazily(() => (closedForm ? sumEvent(elements!(), q.eventShape.length) : tf.sub(logQ(), logP())));
  return {
    name,
    q,
    p,
    value: drawn.value,
    enumerated,
    get logQ() {
      return logQ();
    },
    get logP() {
      return logP();
    },
    kl,
    klIsExact: closedForm !== undefined,
    ...(elements && { klElements: elements }),
  };
};
