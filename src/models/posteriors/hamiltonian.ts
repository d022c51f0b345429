/**
 * The Hamiltonian VAE: draws of a diagonal Gaussian that follow tempered Hamiltonian dynamics toward the true posterior. Each step
 * asks for the gradient of ln p(x, z), and training differentiates through all of them.
 */
import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import { HamiltonianDraws } from "../../distributions/hamiltonian.js";
import { VaelabError } from "../../errors.js";
import { definePosterior } from "../../spec/define.js";
import { constant } from "../../tensor/initializers.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { featureOutputs } from "./feature-outputs.js";

const logit = (probability: number): number => Math.log(probability / (1 - probability));

export const hamiltonian = definePosterior({
  schema: {
    type: "object",
    title: "Hamiltonian dynamics from a diagonal Gaussian",
    description:
      "The KL is estimated from draws, in the space of positions and momenta, and so is an upper bound on that of z.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "hamiltonian" },
      steps: { type: "integer", minimum: 1, maximum: 50, default: 3, description: "Leapfrog steps K" },
      stepSize: {
        type: "number",
        exclusiveMinimum: 0,
        exclusiveMaximum: 0.5,
        default: 0.05,
        description: "Initial leapfrog step, learned for each dimension below 0.5",
      },
      inverseTemperature: {
        type: "number",
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        default: 0.5,
        description: "Initial inverse temperature b_0 of the first momentum, learned between 0 and 1",
      },
    },
  },
  formula:
    "z_0 ~ N(m(x), diag exp(l(x))), rho_0 ~ N(0, I / b_0), K leapfrog steps under -ln p(x, z), rho <- sqrt(b_{k-1} / b_k) rho\nln q = ln q_0(z_0) + ln N(sqrt(b_0) rho_0; 0, I) - ln N(rho_K; 0, I)",
  source: "Caterini, Doucet & Sejdinovic 2018, algorithm 1, with its quadratic tempering",
  capabilities: () => ["density", "reparameterized", "joint"],
  create: ({ steps, stepSize, inverseTemperature }, { latent, parameters, ...context }) => {
    const output = featureOutputs({ ...context, parameters });
    const [mean, logVariance] = [output("mean", latent), output("log-variance", latent)];
    const steppedBy = parameters("step-size", latent, constant(logit(2 * stepSize)));
    const cooledFrom = parameters("inverse-temperature", [], constant(logit(inverseTemperature)));
    return {
      at: (maps, { logJoint }) => {
        if (!logJoint)
          throw new VaelabError("CONTRACT", {
            message: 'the posterior "hamiltonian" was asked for q where there is no likelihood',
            remedy: "Ask for the capability `evaluable` first.",
          });
        const base = new DiagonalGaussian(mean(maps), logVariance(maps), latent.length);
        return new HamiltonianDraws(base, {
          gradient: tf.grad((z: Tensor) => tf.sum(logJoint(z))),
          steps,
          stepSize: tf.mul(tf.sigmoid(steppedBy.value), 0.5),
          inverseTemperature: tf.sigmoid(cooledFrom.value) as Scalar,
        });
      },
    };
  },
});
