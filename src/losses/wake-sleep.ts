/**
 * Reweighted wake-sleep. Of K draws z_k ~ q(z | x) with weights w_k = p(x, z_k) / q(z_k | x), v_k = w_k / sum w, and of dreams
 * x, z ~ p(x, z) of the model itself, the updates descend, averaged over the batch, in nats per example,
 *
 *     wake, model      -sum_k v_k ln p(x, z_k)       the gradient of -ln 1/K sum_k w_k
 *     wake, encoder    -sum_k v_k ln q(z_k | x)      KL(p(z | x) || q) at the data, biased by K draws
 *     sleep, encoder   -ln q(z | x)                  KL(p(z | x) || q) at the dreams, unbiased
 *
 * No gradient passes through a draw, so a latent may be discrete. With one draw and sleep alone this is the wake-sleep algorithm of
 * Hinton et al. 1995. Both updates of the encoder are averaged where they are summed, and steps of their own where they alternate. The
 * loss is the negative bound: the updates add gradients to it, and no value.
 */
import type { ResolvedFields } from "../contracts/kinds.js";
import type { Phase, StepContext, Terms } from "../contracts/objective.js";
import { VaelabError } from "../errors.js";
import { dreamLogQ } from "../inference/dreams.js";
import { importanceBound, normalizedWeights, ungrouped } from "../inference/importance.js";
import { type ScoredDraws, scoredDraws } from "../inference/scored-draws.js";
import { generates, infers } from "../inference/variables-of.js";
import { defineObjective } from "../spec/define.js";
import { gradientAlone, type Scalar, stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { loggedElbo } from "./logged-rate.js";

interface Options {
  samples: number;
  /** Weights of the updates of the encoder in the wake phase. */
  wake: number;
  sleep: number;
}

const mean = (x: Tensor): Scalar => tf.mean(x);

/** E_x [ sum_k v_k values ], of values [rows, B]. */
const weightedMean = (values: Tensor, { logWeights }: ScoredDraws, draws: number): Scalar =>
  mean(tf.sum(tf.mul(ungrouped(normalizedWeights(logWeights, { groups: 1, draws })), values), 0));

const wakeTerms = (step: StepContext, { samples, wake, sleep }: Options): Terms => {
  const scored = scoredDraws(step, samples);
  const bound = mean(importanceBound(stopGradient(scored.logWeights), { groups: 1, draws: samples }));
  const encoder = tf.neg(weightedMean(scored.logQ, scored, samples));
  const updates = [tf.neg(weightedMean(scored.logJoint, scored, samples)), tf.mul(encoder, wake)];
  const { terms, ...apart } = loggedElbo(scored.pieces);
  const logged: Record<string, Scalar> = { bound, ...terms, wakeCrossEntropy: encoder };
  if (step.training && sleep > 0) {
    const dream = sleepTerms(step);
    updates.push(tf.mul(dream.loss, sleep));
    Object.assign(logged, dream.terms);
  }
  return { loss: tf.sub(gradientAlone<Scalar>(tf.addN(updates) as Scalar), bound), terms: logged, ...apart };
};

const sleepTerms = (step: StepContext): Terms => {
  const loss = tf.neg(mean(dreamLogQ(step)));
  return { loss, terms: { sleepCrossEntropy: loss } };
};

const phasesOf = (encoder: string, updates: string | undefined, samples: number): Phase[] => {
  const phase = (name: string, variables: Phase["variables"], terms: Phase["terms"]): Phase => ({
    name,
    every: 1,
    variables,
    terms,
  });
  const all = (): boolean => true;
  const wakes = (wake: number, sleep: number) => (step: StepContext) => wakeTerms(step, { samples, wake, sleep });
  if (updates === "alternating")
    return [
      phase("wake", encoder === "both" ? all : generates, wakes(encoder === "both" ? 1 : 0, 0)),
      phase("sleep", infers, sleepTerms),
    ];
  const share = encoder === "both" ? 0.5 : 1;
  return [phase("wake-sleep", all, wakes(encoder === "sleep" ? 0 : share, encoder === "wake" ? 0 : share))];
};

export const wakeSleep = defineObjective({
  schema: {
    type: "object",
    title: "Reweighted wake-sleep",
    description:
      "Fits the model to draws of the encoder by their importance weights, and the encoder to the posterior of the model, at data and at dreams. Latents may be discrete.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "wake-sleep" },
      samples: { type: "integer", minimum: 1, default: 5, description: "Posterior samples per example (K)" },
      encoder: {
        enum: ["both", "wake", "sleep"],
        default: "both",
        description: "Where the encoder learns: at data (wake), at what the model generates (sleep), or at both",
      },
      updates: {
        enum: ["summed", "alternating"],
        description:
          "summed: one step of all updates, the default; alternating: a step of the wake phase, then one of the sleep phase",
      },
    },
  },
  formula:
    "model: -E_x[sum_k v_k ln p(x, z_k)], v_k = w_k / sum w, w = p(x, z) / q(z | x)\nencoder, wake: -E_x[sum_k v_k ln q(z_k | x)]\nencoder, sleep: -E_p(x, z)[ln q(z | x)]",
  source: "Bornschein & Bengio 2015, eq. 3 to 8; Hinton, Dayan, Frey & Neal 1995",
  resolve: (fields: ResolvedFields): ResolvedFields => {
    const { encoder, updates, samples } = fields;
    if (encoder === "wake" && updates === "alternating")
      throw new VaelabError("SPEC_COMBINATION", {
        message: '"updates": "alternating" needs a sleep phase, and "encoder": "wake" has none',
        remedy: 'Set "encoder" to "both" or "sleep", or leave "updates" out.',
      });
    if (encoder !== "sleep" && samples === 1)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `"encoder": "${encoder}" learns from how the weights of draws differ, and "samples" is 1`,
        remedy: 'Set "samples" to 2 or more, or "encoder" to "sleep".',
      });
    return { ...fields, updates: updates ?? "summed" };
  },
  requires: () => [
    {
      kind: "posterior",
      capability: "density",
      reason: "The encoder learns by ln q of a value. Choose a posterior with a density",
    },
    {
      kind: "posterior",
      capability: "evaluable",
      reason:
        "wake-sleep asks for ln q at values that q did not draw. Choose a posterior such as diagonal-gaussian or bernoulli",
    },
  ],
  capabilities: () => ["scores"],
  create: ({ samples, encoder, updates }) => ({ phases: phasesOf(encoder, updates, samples) }),
});
