/**
 * q(z | x) = prod_d Bernoulli(sigmoid(W h + b)_d). In training, draws are relaxed to the inside of (0, 1), so they have a gradient.
 * Outside training they are 0 or 1 and scored by the Bernoulli. The rate of training is as in `gumbel-softmax`.
 */
import { Bernoulli } from "../../distributions/bernoulli.js";
import { BinaryConcrete } from "../../distributions/binary-concrete.js";
import { RelaxedDraws } from "../../distributions/relaxed-draws.js";
import { definePosterior } from "../../spec/define.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { featureOutputs } from "./feature-outputs.js";
import { checkedRelaxation, RELAXATION } from "./relaxation.js";

const rounded = (draw: Tensor): Tensor => tf.cast(tf.greater(draw, 0.5), "float32");

export const bernoulliConcrete = definePosterior({
  schema: {
    type: "object",
    title: "binary concrete",
    description: "Zeros and ones, relaxed in training. Figures are those of the discrete model.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "bernoulli-concrete" }, ...RELAXATION },
  },
  formula:
    "z = sigmoid((l + logistic noise) / temperature), l = W h(x) + b; outside training z ~ Bernoulli(sigmoid(l))",
  source: "Maddison, Mnih & Teh 2017, appendix B",
  resolve: checkedRelaxation,
  capabilities: ({ straightThrough }) => [
    ...(["density", "evaluable", "factorized"] as const),
    ...(straightThrough === true ? (["discrete"] as const) : []),
  ],
  family: ({ rate }) => (rate === "relaxed" ? "binary-concrete" : "bernoulli"),
  support: () => "binary",
  create: ({ temperature, straightThrough, rate }, { latent, ...context }) => {
    const output = featureOutputs(context)("logits", latent);
    return {
      at: (maps, { call }) => {
        const logits = output(maps);
        const discrete = new Bernoulli(logits, latent.length);
        if (!call.training) return discrete;
        const relaxed = new BinaryConcrete(logits, call.scalar(temperature), latent.length);
        return rate === "relaxed"
          ? relaxed
          : new RelaxedDraws(discrete, relaxed, straightThrough ? rounded : undefined);
      },
    };
  },
});
