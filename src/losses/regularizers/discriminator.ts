/** A network that tells two kinds of codes apart, with a phase and an optimizer of its own, for regularizers that are trained against. */
import type { Phase, RegularizerContext, StepContext } from "../../contracts/index.js";
import type { Optimizer } from "../../contracts/optimizer.js";
import { ACTIVATIONS, type Activation, SIZES, scalarNetwork } from "../../nn/index.js";
import { sizeOf } from "../../tensor/fields.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";

/** The fields of its network and its optimizer, by default those of the studies of disentanglement. */
export const discriminatorFields = (activation: Activation) =>
  ({
    hidden: {
      ...SIZES,
      default: [256, 256],
      description: "Units of each hidden layer of the discriminator",
    },
    activation: { enum: ACTIVATIONS, default: activation, description: "Activation after every hidden layer" },
    optimizer: {
      type: "object",
      component: "optimizer",
      default: { type: "adam", learningRate: { type: "constant", value: 0.0001 }, beta1: 0.5 },
      description: "Optimizer of the discriminator",
    },
  }) as const;

export interface DiscriminatorFields {
  hidden: readonly number[];
  activation: Activation;
  optimizer: Optimizer;
}

export interface Discriminator {
  /** Log-odds that codes [N, D] are of the first kind, [N]; read in a step. */
  logits(codes: Tensor): Tensor;
  /** Minimizes the mean cross-entropy of both kinds, [N, D] each. */
  phase(kindsOf: (step: StepContext) => { first: Tensor; second: Tensor }): Phase;
}

const mean = (x: Tensor): Scalar => tf.mean(x);

export const discriminator = (
  { model, parameters }: Pick<RegularizerContext, "model" | "parameters">,
  { hidden, activation, optimizer }: DiscriminatorFields,
): Discriminator => {
  const size = Object.values(model.latents).reduce((sum, shape) => sum + sizeOf(shape), 0);
  const network = scalarNetwork(parameters.scope("discriminator"), size, { hidden, activation });
  const logits = (codes: Tensor): Tensor => network()(codes);
  return {
    logits,
    phase: (kindsOf) => ({
      name: "discriminator",
      every: 1,
      variables: () => true,
      optimizer,
      figures: { accuracy: { unit: "fraction" } },
      terms: (step) => {
        const { first, second } = kindsOf(step);
        const [a, b] = [logits(first), logits(second)];
        const loss = tf.add<Scalar>(mean(tf.softplus(tf.neg(a))), mean(tf.softplus(b)));
        const right = tf.add<Scalar>(
          mean(tf.cast(tf.greater(a, 0), "float32")),
          mean(tf.cast(tf.lessEqual(b, 0), "float32")),
        );
        return { loss: tf.div<Scalar>(loss, 2), terms: { accuracy: tf.div<Scalar>(right, 2) } };
      },
    }),
  };
};
