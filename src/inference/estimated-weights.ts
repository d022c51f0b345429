/**
 * Importance weights of an example's draws, and by which gradient the inference network learns from them. With z = T(e; phi), a draw
 * of q(z; phi), and weights w(z; theta, phi) = p(x, z; theta) / q(z; phi):
 *
 *     pathwise   d ln w / d phi, through z and through ln q                         Kingma & Welling 2014
 *     stl        d ln w / d z  dz / d phi, ln q without its own gradient in phi     Roeder, Wu & Duvenaud 2017
 *     dreg       the same, weighed once more by a factor of each draw               Tucker et al. 2019
 *
 * The bound weighs the gradient of ln w_s by w_s / sum w. Of that bound, `stl` is unbiased for one draw alone, and `dreg` with the
 * factor w_s / sum w, which makes the weights squared, for any number. Both have no variance in phi where q is the posterior.
 */
import type { Inferred } from "../contracts/inferred.js";
import type { StepContext } from "../contracts/objective.js";
import { mapValues } from "../numerics/records.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { type ElboTerms, elboTerms, weightedLogImportanceWeights } from "./elbo-terms.js";
import { makeSite } from "./site.js";

export const ESTIMATORS = ["pathwise", "stl", "dreg"] as const;
export type Estimator = (typeof ESTIMATORS)[number];

export interface EstimatedWeights {
  /** Terms of the draws as the model inferred them. */
  pieces: ElboTerms;
  /** ln w, [rows, B], with the gradient of the estimator. */
  logWeights: Tensor;
}

/** A factor of the gradients of tensors that is known only after these were used. */
const laterFactor = () => {
  let factor: Tensor | undefined;
  return {
    /** x [rows, B, ...] as it is; its gradient is multiplied by the factor [rows, B]. */
    scale: (x: Tensor): Tensor =>
      tf.customGrad(() => ({
        value: stopGradient(x),
        gradFunc: (dy: Tensor) => {
          const [rows, batch] = x.shape as [number, number];
          return tf.mul(dy, tf.reshape(factor!, [rows, batch, ...x.shape.slice(2).map(() => 1)]));
        },
      }))(x),
    /** Passes on what was computed of the scaled tensors, whose gradients come after its own. */
    settle: (result: Tensor, value: Tensor): Tensor =>
      tf.customGrad((_, save) => {
        (save as (tensors: Tensor[]) => void)([value]);
        return {
          value: stopGradient(result),
          gradFunc: (dy: Tensor, saved: Tensor[]) => {
            factor = saved[0]!;
            return dy;
          },
        };
      })(result),
  };
};

/** The sites at other values, which alone have a gradient in ln q. */
const withFixedPosterior = (
  step: StepContext,
  inferred: Inferred,
  values: Readonly<Record<string, Tensor>>,
): Inferred => {
  const sites = Object.values(inferred.sites);
  const isIndependent = sites.every(({ q, p }) => q.batchShape.length < 2 && p.batchShape.length < 2 && q.detached);
  // Parameters of q that depend on the draw of another latent have a gradient in that draw.
  if (!isIndependent) return step.inferAt(values, { fixed: true });
  const { samples, noise } = { samples: inferred.samples, noise: step.noise };
  return {
    ...inferred,
    sites: mapValues(inferred.sites, ({ name, q: free, p, support }) => {
      const q = free.detached!();
      const value = values[name]!;
      const drawn = {
        value,
        get logProb() {
          return q.logProb(value);
        },
      };
      return makeSite({ name, q, p, noise, support, samples, drawn });
    }),
  };
};

/**
 * @param draws of each example
 * @param factorOf the factor of `dreg`, [rows, B], from ln w without gradient, [rows, B]
 */
export const estimatedWeights = (
  step: StepContext,
  draws: number,
  estimator: Estimator,
  factorOf: (logWeights: Tensor) => Tensor,
): EstimatedWeights => {
  const { model, batch } = step;
  const inferred = step.infer(draws);
  const terms = (of: Inferred): ElboTerms => elboTerms(model, batch, of, step.call("generate"));
  if (estimator === "pathwise") {
    const pieces = terms(inferred);
    return { pieces, logWeights: weightedLogImportanceWeights(pieces) };
  }
  const values = mapValues(inferred.sites, ({ value }) => value);
  const { scale, settle } = laterFactor();
  const pieces = terms(withFixedPosterior(step, inferred, estimator === "dreg" ? mapValues(values, scale) : values));
  const logWeights = weightedLogImportanceWeights(pieces);
  return {
    pieces: { ...pieces, inferred },
    logWeights: estimator === "dreg" ? settle(logWeights, factorOf(stopGradient(logWeights))) : logWeights,
  };
};
