/** A draw whose log-probability is computed only if it is read: a draw of data, say, never needs it. */
import type { Distribution } from "../contracts/distribution.js";
import type { Tensor } from "../tensor/tensor.js";

export const drawLazilyScored = (
  distribution: Pick<Distribution, "logProb">,
  value: Tensor,
): { value: Tensor; logProb: Tensor } => ({
  value,
  get logProb() {
    return distribution.logProb(value);
  },
});
