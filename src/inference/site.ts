/** One latent at work: a draw from q, its densities under q and p, and their divergence; and all latents together. */

import type { Distribution, Draw, LatentSupport } from "../contracts/distribution.js";
import type { Inferred, Site } from "../contracts/inferred.js";
import { closedFormKl } from "../distributions/kl.js";
import { VaelabError } from "../errors.js";
import { lazily } from "../numerics/lazily.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { sumEvent } from "../tensor/mathematics.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { assertEvents, assertShape } from "./checks.js";

export interface SiteParts {
  /** Names the site and its draw. */
  name: string;
  /** batchShape [B]. */
  q: Distribution;
  /** batchShape [] or [B], or [S, B] where it depends on another site's draw. */
  p: Distribution;
  noise: Noise;
  /** Where the values lie; "real" if not given. */
  support?: LatentSupport;
  /** Draws an example. */
  samples: number;
  /** Runs over the support of q instead of drawing. */
  enumerated?: boolean;
  /** p depends on this draw, through a latent that is inferred from it: no closed form of the KL is E_q[ln q - ln p]. */
  followed?: boolean;
  /** The value [S, B, ...], where it was made before the site: p may depend on what is drawn from it, or q on another site. */
  drawn?: Draw;
}

const draw = ({ name, q, noise, samples, enumerated, drawn }: SiteParts): Draw => {
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

/** @throws CONTRACT where there is no such latent */
export const siteOf = ({ sites }: Inferred, latent: string): Site => {
  const site = sites[latent];
  if (site) return site;
  const names = Object.keys(sites).join('", "');
  throw new VaelabError("CONTRACT", { message: `the model inferred no latent "${latent}"; it inferred "${names}"` });
};

/** Whether some latent's posterior has no density (a point mass): there is then no rate and no bound. */
export const isSingular = ({ sites }: Inferred): boolean => Object.values(sites).some(({ q }) => q.singular);

/** @throws CONTRACT where two sites have one name */
export const inferredFrom = (
  sites: readonly Site[],
  samples: number,
  { features = {}, labelLogProbabilities = {} }: Partial<Omit<Inferred, "sites" | "samples">> = {},
): Inferred => {
  const byName = Object.fromEntries(sites.map((site) => [site.name, site]));
  if (Object.keys(byName).length < sites.length)
    throw new VaelabError("CONTRACT", {
      message: `two latents of the model have one name: "${sites.map(({ name }) => name).join('", "')}"`,
    });
  return { sites: byName, samples, features, labelLogProbabilities };
};

/** Log-probabilities and divergences are computed where they are first read, in the tidy scope of the reader. */
export const makeSite = (parts: SiteParts): Site => {
  const { name, q, p, samples, support = "real", enumerated = false, followed = false } = parts;
  const drawn = draw(parts);
  assertEvents(name, q, p, drawn, samples);
  const scorer = q.counterpart?.(p) ?? p;
  const [draws, batch] = drawn.value.shape as [number, number];
  const logQ = lazily(() => {
    const { logProb } = drawn;
    assertShape(`the log-density of the posterior of "${name}"`, logProb, [draws, batch]);
    return logProb;
  });
  const logP = lazily(() => {
    const logProb = scorer.logProb(drawn.codes ?? drawn.value);
    assertShape(`the log-density of the prior of "${name}"`, logProb, [draws, batch]);
    return logProb;
  });
  // An enumerated latent is summed over exactly, whatever the pair.
  const closedForm = enumerated || followed ? undefined : closedFormKl(q, p);
  const compute = closedForm ? closedForm.elements : elementsAt(q, scorer, drawn.value);
  const elements = compute && lazily(compute);
  const kl = lazily(() => {
    if (!closedForm) return tf.sub(logQ(), logP());
    return elements ? sumEvent(elements(), q.eventShape.length) : closedForm.total();
  });
  return {
    name,
    q,
    p,
    value: drawn.value,
    support,
    ...(drawn.codes && { codes: drawn.codes }),
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
