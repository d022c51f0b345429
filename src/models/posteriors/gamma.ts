/**
 * q(z | x) = prod_d Gamma(z_d; k_d(x), k_d(x) / m_d(x)), of positive numbers: mean and concentration each one dense layer of the features.
 * Draws by rejection have the gradient of a draw at a fixed quantile.
 */
import { Gamma } from "../../distributions/gamma.js";
import { definePosterior } from "../../spec/define.js";
import { logMeanOf } from "../../tensor/log-mean.js";
import { tf } from "../../tensor/tensor.js";
import { featureOutputs } from "./feature-outputs.js";

export const gamma = definePosterior({
  schema: {
    type: "object",
    title: "gamma, of positive numbers",
    description: "Positive numbers by their mean and a concentration k; the standard deviation is mean / sqrt(k).",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gamma" },
      floor: {
        type: "number",
        minimum: 0.1,
        default: 0.2,
        description:
          "Lower bound of the concentration. Single precision holds no draws below 1e-38: at mean 1, one in 7,000 is smaller at floor 0.1, and one in 50 million at 0.2",
      },
    },
  },
  formula:
    "q(z | x) = prod_d (k / m)^k z_d^(k - 1) exp(-k z_d / m) / Gamma(k), m = exp(l_d(x)), k = floor + softplus(a_d(x))",
  source: "Marsaglia & Tsang 2000; gradients: Figurnov, Mohamed & Mnih 2018, equation 5",
  capabilities: () => ["density", "evaluable", "mean", "factorized", "reparameterized"],
  family: () => "gamma",
  support: () => "positive",
  create: ({ floor }, { latent, ...context }) => {
    const output = featureOutputs(context);
    const [logMean, concentration] = [output("log-mean", latent), output("concentration", latent)];
    return {
      at: (maps) => {
        const k = tf.add(tf.softplus(concentration(maps)), floor);
        return new Gamma(logMeanOf(logMean(maps)), tf.log(k), latent.length);
      },
    };
  },
});
