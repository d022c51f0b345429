/**
 * Moving averages of the weights over training steps. Validation, checkpoint selection and evaluation use the averages, while
 * training continues from the weights themselves. After step t (t = 1 is the first after `start`) the average of x_1, ...,
 * x_t is
 *
 *     sum_i d^(t-i) x_i / sum_i d^(t-i)  =  (1 - w) (the average before) + w x_t,   w = (1 - d) / (1 - d^t)
 *
 * so it is not biased towards the initial weights (the bias correction of Kingma & Ba 2015, section 3); at d = 1 it is the
 * plain mean, w = 1 / t (Polyak & Juditsky 1992). Until `start` it equals the weights. Moving statistics are not trained
 * weights and are copied unchanged.
 */

import type { ResolvedSpec } from "../../spec/experiment-schema.js";

export type Ema = NonNullable<ResolvedSpec["training"]["ema"]>;

/** The weight w of what a step leaves; steps count from 0. */
export const weightOfStep = ({ decay, start }: Ema, step: number): number => {
  const t = step + 1 - start;
  if (t <= 1) return 1;
  return decay === 1 ? 1 / t : (1 - decay) / (1 - decay ** t);
};
