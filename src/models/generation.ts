/** Generation from a model: ancestral draws from its priors, and the likelihood at values of its latents. */
import type { CallContext, Values } from "../contracts/call-context.js";
import type { Split } from "../contracts/dataset.js";
import type { Distribution } from "../contracts/distribution.js";
import { VaelabError } from "../errors.js";
import { forkCall } from "../inference/call.js";
import { mapValues } from "../numerics/records.js";
import { type Fields, type Shape, sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { conditionOn, conditionSource } from "./conditions.js";
import { conditionsOf, type JoinedParts, type Output, priorAt } from "./joined-parts.js";
import { type Latent, samplingOrder } from "./latents.js";

export type DrawConditions = (count: number, context: CallContext) => Fields;

/** Latents that stand for a label and depend on no other: generation can be asked for their values. */
export const requestable = ({ latents, routing }: JoinedParts): (Latent & { observed: string })[] =>
  latents.filter(
    (latent): latent is Latent & { observed: string } =>
      latent.observed !== undefined && latent.generatedFrom.length === 0 && routing.prior.length === 0,
  );

/** Conditions of training examples, and labels that are latents from their priors. */
export const drawConditionsOf = (parts: JoinedParts, training: Split | undefined): DrawConditions => {
  const fromData = conditionSource(parts.routing.conditions, training);
  return (count, context) => {
    const labels = requestable(parts).map((latent) => {
      const value = priorAt(parts, latent, {}, context).sample(context.noise, latent.observed, [count]);
      return [latent.observed, tf.cast(tf.argMax(value, -1), "float32")] as const;
    });
    return { ...fromData(count, context), ...Object.fromEntries(labels) };
  };
};

/** The value of a latent, [...leading, ...shape]: as inferred or drawn, else the label that was requested. */
const valueFrom = (
  { fields }: JoinedParts,
  { name, observed }: Latent,
  values: Values,
  conditions: Fields | undefined,
  leading: Shape,
): Tensor => {
  const value = values[name];
  if (value) return value;
  if (observed !== undefined) return conditionOn(observed, fields, conditions, leading);
  throw new VaelabError("INTERNAL", { message: `no value for the latent "${name}"` });
};

const latentOf = ({ latents }: JoinedParts, name: string): Latent => latents.find((each) => each.name === name)!;

const outputOf = ({ outputs }: JoinedParts, field: string): Output => {
  const output = outputs.find((each) => each.field === field);
  if (output) return output;
  const known = outputs.map((each) => each.field).join('", "');
  throw new VaelabError("CONTRACT", { message: `the model generates no "${field}"; it generates "${known}"` });
};

/** p(output | values, conditions), batchShape [...leading]; of the modeled field if none is named. */
export const generate = (
  parts: JoinedParts,
  values: Values,
  context: CallContext,
  conditions: Fields | undefined,
  output = parts.modeled,
): Distribution => {
  const { fields, routing, modeled } = parts;
  const { decoder, likelihood, generatedFrom } = outputOf(parts, output);
  const call = output === modeled ? context : forkCall(context, `output ${output}`);
  const known = Object.entries(values).find(([name]) => generatedFrom.includes(name));
  if (!known)
    throw new VaelabError("INTERNAL", { message: `no value for the latents "${generatedFrom.join('", "')}"` });
  const [first, value] = known;
  const leading = value.shape.slice(0, value.rank - latentOf(parts, first).shape.length);
  const all = Object.fromEntries([
    ...routing.decoder.map((name) => [name, conditionOn(name, fields, conditions, leading)] as const),
    ...generatedFrom.map(
      (name) => [name, valueFrom(parts, latentOf(parts, name), values, conditions, leading)] as const,
    ),
  ]);
  const folded = mapValues(all, (each) => tf.reshape(each, [sizeOf(leading), ...each.shape.slice(leading.length)]));
  const parameters = decoder.decode(folded, call);
  return likelihood.at(tf.reshape(parameters, [...leading, ...likelihood.outputs]), call);
};

/** What networks see of a value that the prior scores. */
const embedded = ({ posterior: { codes } }: Latent, scored: Tensor): Tensor => codes?.embed(scored) ?? scored;

export const samplePrior = (
  parts: JoinedParts,
  drawConditions: DrawConditions,
  count: number,
  context: CallContext,
  requested: Fields | undefined,
): Values => {
  const { fields, routing, latents } = parts;
  const labels = requestable(parts);
  const needed = labels.length > 0 || routing.prior.length > 0;
  const conditions = needed ? { ...drawConditions(count, forkCall(context, "given")), ...requested } : requested;
  const values: Record<string, Tensor> = {};
  for (const latent of samplingOrder(latents)) {
    const { name, observed } = latent;
    if (observed !== undefined && conditions?.[observed])
      values[name] = conditionOn(observed, fields, conditions, [count]);
    else {
      const parents = conditionsOf(parts, latent, { values, conditions, leading: [count] });
      const p = priorAt(parts, latent, parents, context);
      values[name] = embedded(latent, p.sample(context.noise, name, p.batchShape.length === 0 ? [count] : []));
    }
  }
  return values;
};

/** Values after the latent `changed` was: those that are generated from it follow, in the order of sampling. */
export const follow = (
  parts: JoinedParts,
  values: Values,
  changed: string,
  { context, conditions }: { context: CallContext; conditions: Fields | undefined },
): Values => {
  const count = values[changed]!.shape[0]!;
  const found: Record<string, Tensor> = { ...values };
  const moved = new Set([changed]);
  for (const latent of samplingOrder(parts.latents)) {
    const { name, generatedFrom } = latent;
    if (!generatedFrom.some((from) => moved.has(from))) continue;
    moved.add(name);
    const parents = conditionsOf(parts, latent, { values: found, conditions, leading: [count] });
    const p = priorAt(parts, latent, parents, context);
    const center = p.mode?.() ?? p.center?.() ?? (p.discrete ? undefined : p.mean?.());
    const scored = center
      ? tf.broadcastTo(center, [count, ...p.eventShape])
      : p.sample(context.noise, name, p.batchShape.length === 0 ? [count] : []);
    found[name] = embedded(latent, scored);
  }
  return found;
};
