/**
 * q(z | x) = Cat(softmax(W h + b)), K values on the last axis of the latent. In training, draws are relaxed to the inside of the simplex,
 * so they have a gradient. Outside training they are one-hot and scored by the categorical, so every reported bound is one of the
 * discrete model. The rate of training is the KL of the categoricals, as in most implementations: the objective is then the ELBO with a
 * relaxed distortion, which is no bound. With "relaxed" it is the KL of the relaxed densities: a bound of the relaxed model.
 */
import { Categorical } from "../../distributions/categorical.js";
import { Concrete } from "../../distributions/concrete.js";
import { RelaxedDraws } from "../../distributions/relaxed-draws.js";
import { oneHot } from "../../nn/index.js";
import { definePosterior } from "../../spec/define.js";
import { logNormalize } from "../../tensor/mathematics.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { featureOutputs } from "./feature-outputs.js";
import { checkedRelaxation, RELAXATION } from "./relaxation.js";

const largest = (draw: Tensor): Tensor => oneHot(tf.argMax(draw, -1), draw.shape.at(-1)!);

export const gumbelSoftmax = definePosterior({
  schema: {
    type: "object",
    title: "Gumbel-softmax",
    description:
      "One-hot vectors, relaxed in training; the last axis of the latent counts the values. Figures are those of the discrete model.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "gumbel-softmax" }, ...RELAXATION },
  },
  formula: "z = softmax((ln q(. | x) + g) / temperature), g ~ Gumbel(0, 1); outside training z ~ q(. | x), one-hot",
  source: "Jang, Gu & Poole 2017; Maddison, Mnih & Teh 2017",
  resolve: checkedRelaxation,
  capabilities: ({ straightThrough }) => [
    ...(["density", "evaluable"] as const),
    ...(straightThrough === true ? (["discrete"] as const) : []),
  ],
  family: ({ rate }) => (rate === "relaxed" ? "concrete" : "categorical"),
  support: () => "one-hot",
  create: ({ temperature, straightThrough, rate }, { latent, ...context }) => {
    const logits = featureOutputs(context)("logits", latent);
    return {
      at: (maps, { call }) => {
        const logProbabilities = logNormalize(logits(maps));
        const discrete = new Categorical(logProbabilities, latent.length);
        if (!call.training) return discrete;
        const relaxed = new Concrete(logProbabilities, call.scalar(temperature), latent.length);
        return rate === "relaxed"
          ? relaxed
          : new RelaxedDraws(discrete, relaxed, straightThrough ? largest : undefined);
      },
    };
  },
});
