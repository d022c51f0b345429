/**
 * What draws from q(z | x) say of examples: the terms of the bound, the importance weights, and the mean of each output under
 * them. One call draws DRAWS values of z for each example.
 */
import type { Distribution } from "../../contracts/distribution.js";
import { evaluationCall } from "../../inference/call.js";
import {
  distortionOf,
  elboTerms,
  expectation,
  logImportanceWeights,
  outputsOf,
  rateOf,
} from "../../inference/elbo-terms.js";
import { isSingular } from "../../inference/site.js";
import { batchOf, type KeyedBatch } from "../../inference/step.js";
import { mapValues } from "../../numerics/records.js";
import type { Bindings } from "../../tensor/parameters.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { parametersProgram, type Trained } from "../evaluation/evaluation-program.js";

export const DRAWS = 10;

export interface DrawsOutputs {
  /** distortion [B]; rate [B] and logWeights [S, B] where q has a density; squaredError [B] where the likelihood has a mean. */
  terms: Bindings;
  /**
   * The weighted mean of E[output | z] over the draws by field, [B, ...], of a label the probabilities of its classes, [B, classes];
   * empty unless asked for.
   */
  means: Bindings;
  /** A draw from p(output | z) for each z by field, [S, B, ...]; empty unless asked for. */
  draws: Bindings;
}

/** weights [S, B] times values [S, B, ...], summed over draws. */
const weighted = (weights: Tensor, values: Tensor): Tensor => {
  const spread = tf.reshape(weights, [...weights.shape, ...Array(values.rank - 2).fill(1)]);
  return tf.sum(tf.mul(spread, values), 0);
};

/** Of each class of a label, [S, B, classes]: the mean of its one-hot code. */
const probabilities = (likelihood: Distribution, classes: number, leading: readonly number[]): Tensor =>
  tf.stack(
    Array.from({ length: classes }, (_, code) => tf.exp(likelihood.logProb(tf.fill([...leading], code)))),
    -1,
  );

/** The squared error of the mean of the modeled field over its observed values, [B]. */
const squaredError = (
  terms: ReturnType<typeof elboTerms>,
  modeled: string,
  { fields, observed }: KeyedBatch,
): Tensor | undefined => {
  const likelihood = terms.likelihoods[modeled];
  const x = fields[modeled];
  if (!likelihood?.mean || !x) return undefined;
  const difference = tf.squaredDifference(likelihood.mean(), x);
  const mask = observed?.[modeled];
  const error = mask ? tf.mul(difference, mask) : difference;
  return expectation(tf.sum(tf.reshape(error, [error.shape[0]!, x.shape[0]!, -1]), 2), terms);
};

export const drawsProgram = (
  { model, store, parameters }: Trained,
  { means = false, draws = false }: { means?: boolean; draws?: boolean } = {},
) =>
  parametersProgram("draws", store, parameters, (inputs: KeyedBatch, noise): DrawsOutputs => {
    const batch = batchOf(inputs);
    const inferred = model.infer(batch, { ...evaluationCall(noise.fork("infer")), samples: DRAWS });
    const terms = elboTerms(model, batch, inferred, evaluationCall(noise.fork("generate")));
    const error = squaredError(terms, model.modeled, inputs);
    const distortion = distortionOf(terms);
    const found = { distortion, ...(error && { squaredError: error }) };
    const logWeights = isSingular(inferred) ? undefined : logImportanceWeights(terms);
    const rows = logWeights ?? tf.zerosLike(terms.logLikelihood);
    const weights = tf.exp(tf.sub(rows, tf.logSumExp(rows, 0, true)));
    const shown = Object.keys(outputsOf(model));
    const meanOf = (field: string): Tensor => {
      const likelihood = terms.likelihoods[field]!;
      const { support, shape, classes = 0 } = model.fields[field]!;
      if (support === "categorical" && shape.length === 0) return probabilities(likelihood, classes, rows.shape);
      return likelihood.mean?.() ?? likelihood.sample(noise, `mean of ${field}`, []);
    };
    return {
      terms: { ...found, ...(logWeights && { logWeights, rate: rateOf(terms) }) },
      means: means ? Object.fromEntries(shown.map((field) => [field, weighted(weights, meanOf(field))])) : {},
      draws: draws ? mapValues(terms.likelihoods, (each, field) => each.sample(noise, `draw of ${field}`, [])) : {},
    };
  });
