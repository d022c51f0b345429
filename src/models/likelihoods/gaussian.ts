/**
 * p(x|z) = N(x; m(z), s^2 I), in nats, constants included. With a fixed scale s this is what "MSE training" maximizes:
 * squared error / (2 s^2) plus a constant.
 */

import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import { defineLikelihood } from "../../spec/define.js";
import { tf } from "../../tensor/tensor.js";
import { locationScaleLikelihood, SCALE } from "./scale.js";

export const gaussian = defineLikelihood({
  schema: {
    type: "object",
    title: "Gaussian with independent elements",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gaussian" },
      ...SCALE,
    },
  },
  formula: "p(x | z) = N(x; m(z), s^2 I), s fixed, learned or predicted, and then above a floor",
  source:
    "Kingma & Welling 2014, appendix C.2; learned scale: Rybkin, Daniilidis & Levine 2021; predicted: Nix & Weigend 1994",
  ...locationScaleLikelihood(
    "a Gaussian",
    (mean, logScale, eventRank) => new DiagonalGaussian(mean, tf.mul(logScale, 2), eventRank),
  ),
});
