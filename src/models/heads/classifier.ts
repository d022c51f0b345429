/**
 * Predicts a label and adds weight * E[-ln p(label)] over labeled examples to the loss. Its input is the mean of q(z | x),
 * samples of it (several samples give a mixture of predictions), or the encoder's features.
 */

import type { CallContext } from "../../contracts/call-context.js";
import type { HeadPlan } from "../../contracts/head.js";
import type { Inferred } from "../../contracts/inferred.js";
import type { ResolvedFields } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import { logWeightsOf, posteriorMean } from "../../inference/elbo-terms.js";
import { siteOf } from "../../inference/site.js";
import { assertLabeled, SUPERVISION_FIGURES, supervision } from "../../inference/supervision.js";
import { ACTIVATIONS, dense, denseStack, networkShape, SIZES } from "../../nn/index.js";
import { defineHead } from "../../spec/define.js";
import { sizeOf } from "../../tensor/fields.js";
import { logNormalize } from "../../tensor/mathematics.js";
import { type Tensor, tf } from "../../tensor/tensor.js";

const planOf = ({ on, input }: Omit<ResolvedFields, "type">): HeadPlan => ({
  field: String(on),
  role: "target",
  seenBy: { encoder: false, prior: false, decoder: false },
  ...(input === "features" && { readsFeatures: true }),
});
type Source = "mean" | "draw" | "features";

/** The inputs of the classifier, [L, B, size]: one for each of L values, the latents side by side. */
const valuesFrom = (source: Source, latents: readonly string[], inferred: Inferred): Tensor => {
  const { value } = siteOf(inferred, latents[0]!);
  const [draws, size] = value.shape as [number, number];
  const besides = (values: Tensor[]): Tensor => (values.length === 1 ? values[0]! : tf.concat(values, 2));
  if (source === "draw")
    return besides(latents.map((name) => tf.reshape(siteOf(inferred, name).value, [draws, size, -1])));
  if (source === "mean")
    return besides(latents.map((name) => tf.reshape(posteriorMean(inferred, name), [1, size, -1])));
  const { features: map } = inferred.features;
  if (!map) throw new VaelabError("CONTRACT", { message: 'the encoder provides no "features" output' });
  return tf.reshape(map, [map.shape[0]! / size, size, -1]);
};

/** ln of the mixture of the L predictions, [B, categories]; each has the weight of its draw. */
const mixture = (logProbabilities: Tensor, inferred: Inferred): Tensor => {
  const [values, size] = logProbabilities.shape as [number, number];
  if (values === 1) return tf.squeeze(logProbabilities, [0]);
  const logWeights = logWeightsOf(inferred, [values, size]);
  return tf.logSumExp(tf.add(logProbabilities, tf.expandDims(logWeights, -1)), 0);
};

export const classifier = defineHead({
  schema: {
    type: "object",
    title: "classifier of a label",
    description: "Predicts a label from codes or encoder features; trained jointly with the model.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "classifier" },
      on: { type: "string", default: "label", description: "Name of the label; unlabeled examples do not contribute" },
      input: {
        enum: ["mean", "draw", "features"],
        default: "mean",
        description: "Input of the classifier: the posterior mean, a posterior sample, or the encoder features",
      },
      hidden: {
        ...SIZES,
        default: [],
        description: "Units of each hidden layer; [] for a linear classifier",
      },
      activation: { enum: ACTIVATIONS, default: "relu", description: "Activation after every hidden layer" },
      weight: {
        type: "object",
        component: "schedule",
        role: "weight",
        default: { type: "constant", value: 1 },
        description: "Weight of the cross-entropy in the loss; it and the objective are in nats per example",
      },
    },
  },
  source: "cross-entropy of a categorical distribution; added to a VAE: Kingma et al. 2014, equation 9",
  capabilities: () => ["predicts"],
  plan: planOf,
  create: ({ on, input, hidden, activation, weight }, { fields, latents, labels, parameters }) => {
    const counts = labels(on);
    const names = Object.keys(latents);
    const size = Object.values(latents).reduce((sum, shape) => sum + sizeOf(shape), 0);
    assertLabeled(on, counts);
    let classify: ((x: Tensor, context: CallContext) => Tensor) | undefined;
    const declare = (size: number): void => {
      const layers = denseStack(parameters, size, hidden, { activation });
      const output = dense(parameters.scope("output"), layers.outputs, sizeOf(networkShape(fields[on]!)));
      classify = (x, context) => output(layers.apply(x, context));
    };
    const predict = (inferred: Inferred, context: CallContext): Tensor => {
      const values = valuesFrom(input, names, inferred);
      const [count, size, width] = values.shape as [number, number, number];
      const logits = classify!(tf.reshape(values, [-1, width]), context);
      return mixture(logNormalize(tf.reshape(logits, [count, size, -1])), inferred);
    };
    return {
      plan: planOf({ on, input }),
      figures: SUPERVISION_FIGURES,
      connect: ({ features }) => declare(input === "features" ? sizeOf(features ?? []) : size),
      predict,
      terms: (step) => supervision(step, on, predict(step.inferred, step), counts, weight),
    };
  },
});
