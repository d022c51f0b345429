/** What posteriors by tempered Hamiltonian dynamics share: their fields, and what is learned of the base, the steps and the tempering. */
import type { FeatureMaps } from "../../contracts/call-context.js";
import type { Distribution } from "../../contracts/distribution.js";
import type { PosteriorCall, PosteriorContext } from "../../contracts/posterior.js";
import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import { type Dynamics, HamiltonianDraws, type LeapfrogOptions } from "../../distributions/hamiltonian.js";
import { VaelabError } from "../../errors.js";
import { constant } from "../../tensor/initializers.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { featureOutputs } from "./feature-outputs.js";

const logit = (probability: number): number => Math.log(probability / (1 - probability));

export const TEMPERED = {
  steps: { type: "integer", minimum: 1, maximum: 50, default: 3, description: "Leapfrog steps K" },
  inverseTemperature: {
    type: "number",
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    default: 0.5,
    description: "Initial inverse temperature b_0 of the first momentum, learned between 0 and 1",
  },
} as const;

export const stepSizeOf = <Size extends number>(size: Size) =>
  ({
    type: "number",
    exclusiveMinimum: 0,
    exclusiveMaximum: 0.5,
    default: size,
    description: "Initial leapfrog step, learned for each dimension below 0.5",
  }) as const;

export interface TemperedOptions {
  type: string;
  steps: number;
  stepSize: number;
  inverseTemperature: number;
}

/**
 * Declares the mean and the log-variance of the base, the step of each dimension and b_0.
 * @returns draws by a leapfrog, whose `gradient` takes [M, D]
 * @throws CONTRACT where there is no likelihood
 */
export const temperedDraws = (
  { type, steps, stepSize, inverseTemperature }: TemperedOptions,
  { latent, parameters, features }: PosteriorContext,
) => {
  const output = featureOutputs({ features, parameters });
  const [mean, logVariance] = [output("mean", latent), output("log-variance", latent)];
  const steppedBy = parameters("step-size", latent, constant(logit(2 * stepSize)));
  const cooledFrom = parameters("inverse-temperature", [], constant(logit(inverseTemperature)));
  const draws = (
    maps: FeatureMaps,
    { logJoint }: PosteriorCall,
    start: (options: LeapfrogOptions) => Dynamics["start"],
    logVolume?: Distribution["logVolume"],
  ): HamiltonianDraws => {
    if (!logJoint)
      throw new VaelabError("CONTRACT", {
        message: `the posterior "${type}" was asked for q where there is no likelihood`,
        remedy: "Ask for the capability `evaluable` first.",
      });
    const dynamics: Dynamics = {
      start: start({
        gradient: tf.grad((z: Tensor) => tf.sum(logJoint(tf.reshape(z, [-1, ...latent])))),
        stepSize: tf.reshape(tf.mul(tf.sigmoid(steppedBy.value), 0.5), [-1]),
      }),
      steps,
      inverseTemperature: tf.sigmoid(cooledFrom.value) as Scalar,
    };
    return new HamiltonianDraws(
      new DiagonalGaussian(mean(maps), logVariance(maps), latent.length),
      dynamics,
      logVolume,
    );
  };
  return { mean, output, draws };
};
