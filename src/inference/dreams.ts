/** What a model dreams: latents and data drawn from p(x, z), which the inference network is shown. */
import type { StepContext } from "../contracts/objective.js";
import { mapValues } from "../numerics/records.js";
import type { Batch, Fields } from "../tensor/fields.js";
import { stopGradient, type Tensor, tf } from "../tensor/tensor.js";
import { outputsOf } from "./elbo-terms.js";

/** The fields of the batch that the model is conditioned on, but for labels that are latents: those are dreamed. */
const givenFields = ({ model, batch }: StepContext): Fields => {
  const dreamed = new Set(Object.values(model.observed ?? {}));
  const names = Object.keys(model.conditions ?? {}).filter((name) => !dreamed.has(name));
  return Object.fromEntries(names.map((name) => [name, batch.fields[name]!]));
};

/** Nothing of a dream is missing, and q of a label is that of the network. */
const dreamedBatch = ({ model, batch }: StepContext, fields: Fields): Batch => {
  const { fields: real, index } = batch;
  const labels = Object.values(model.observed ?? {});
  const hidden = Object.fromEntries(labels.map((name) => [name, tf.zeros([index.shape[0]!])]));
  return { fields: { ...real, ...fields }, index, ...(labels.length > 0 && { observed: hidden }) };
};

/**
 * ln q(z | x) at x, z ~ p(x, z), one dream for each example of the batch, [B]. The gradient is that of the inference network alone; its
 * statistics follow the data.
 */
export const dreamLogQ = (step: StepContext): Tensor => {
  const { model, batch } = step;
  const count = batch.index.shape[0]!;
  const conditions = givenFields(step);
  const drawn = model.samplePrior(count, step.call("dream/prior"), conditions);
  const values = mapValues(drawn, (value) => stopGradient(value));
  const generated = step.call("dream/generate");
  const fields = mapValues(outputsOf(model), (_, field) => {
    const likelihood = model.generate(values, generated, { ...batch.fields, ...conditions }, field);
    return stopGradient(likelihood.sample(generated.noise, `draw of ${field}`, []));
  });
  const context = { ...step.call("dream/infer"), loss: () => {}, samples: 1 };
  const { sites } = model.infer(dreamedBatch(step, fields), {
    ...context,
    given: mapValues(values, (value) => tf.expandDims(value, 0)),
  });
  const logQ = tf.addN(Object.values(sites).map((site) => site.logQ));
  return tf.reshape(logQ, [count]);
};
