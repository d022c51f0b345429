/**
 * The model that a spec describes: the latent site "z" joined from an encoder, a posterior, a prior, a decoder and a likelihood,
 * and what heads make of it. It alone knows of sample axes: networks see [N, ...] with N = S * B.
 *
 *     x, conditions ─► encoder ─► posterior ─► z ─┬─► decoder ─► likelihood        a label as a site: [S * K, B], K times each draw
 *                       prior(conditions) ◄───────┘      ▲
 *                                            conditions ─┘
 */

import type { CallContext, Values } from "../contracts/call-context.js";
import type { Split } from "../contracts/dataset.js";
import type { Decoder } from "../contracts/decoder.js";
import type { Distribution } from "../contracts/distribution.js";
import type { Encoder } from "../contracts/encoder.js";
import type { Head, Inferred } from "../contracts/head.js";
import type { InferContext, Site } from "../contracts/inferred.js";
import type { Likelihood } from "../contracts/likelihood.js";
import type { Model } from "../contracts/model.js";
import type { Posterior } from "../contracts/posterior.js";
import type { Prior } from "../contracts/prior.js";
import { batchReshape } from "../distributions/index.js";
import { VaelabError } from "../errors.js";
import { makeSite } from "../inference/site.js";
import { mapValues } from "../numerics/records.js";
import { type Batch, type FieldSchemas, type Fields, type Shape, sizeOf } from "../tensor/fields.js";
import type { ParameterStore } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { conditionOn, givenFrom } from "./conditions.js";
import { fieldRouting } from "./field-routing.js";
import { type Label, labelLogProbabilities, labelPrior, labelSite } from "./label.js";

export const SITE = "z";

/** Names of the parameters that infer, which a refitted copy replaces. */
export const isInference = (name: string): boolean => /^(heads\/\d+\/)?(encoder|posterior)\//.test(name);

export interface Parts {
  encoder: Encoder;
  posterior: Posterior;
  prior: Prior;
  decoder: Decoder;
  likelihood: Likelihood;
  heads?: readonly Head[];
}
export interface ModelOptions {
  fields: FieldSchemas;
  modeled: string;
  latent: Shape;
  store: ParameterStore;
  /** The training split, that conditions are drawn from: needed where there are any. */
  training?: Split;
}

export interface JoinedModel extends Model {
  /** What `infer` left beside the sites that it gave. */
  inferredWith(sites: readonly Site[], samples: number): Inferred;
}

const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(
    names.map((name) => {
      const field = fields[name];
      if (!field) throw new VaelabError("INTERNAL", { message: `the batch lacks the field "${name}"` });
      return [name, field];
    }),
  );

/** [B, ...] → [times * B, ...], the examples innermost. */
const repeated = (x: Tensor, times: number): Tensor => tf.tile(x, [times, ...x.shape.slice(1).map(() => 1)]);

export const latentVariableModel = (
  { encoder, posterior, prior, decoder, likelihood, heads = [] }: Parts,
  { fields, modeled, latent, store, training }: ModelOptions,
): JoinedModel => {
  const seen = fieldRouting(
    heads.map(({ plan }) => plan),
    fields,
    modeled,
  );
  const labelHead = heads.find(({ site }) => site);
  const label: Label | undefined = labelHead?.site && {
    name: labelHead.plan.field,
    categories: seen.categories(labelHead.plan.field),
    site: labelHead.site,
  };
  const inner = ({ training: isTraining, noise }: CallContext, name: string): CallContext => ({
    training: isTraining,
    noise: noise.fork(name),
  });
  const drawFromData = givenFrom(seen.conditions, training);

  /** What priors or decoders see beside the latents. A label that is a site is among the values. */
  const conditionsOf = (names: readonly string[], values: Values, given: Fields | undefined, leading: Shape): Values =>
    Object.fromEntries(
      names.map((name) => [
        name,
        name === label?.name && values[name] ? values[name] : conditionOn(name, fields, given, leading),
      ]),
    );
  const priorAt = (
    parents: Values,
    { training: isTraining, noise, proposal }: Partial<InferContext> & CallContext,
  ): Distribution => {
    // Where a proposal is trained, the encoder that the prior asks is frozen.
    const call = inner({ training: isTraining && !proposal, noise }, "prior");
    return prior.at({
      parents,
      encode: (given) => posterior.at(encoder.encode(pick(given, seen.encoder), call), { parents: {} }),
    });
  };

  const left = new WeakMap<readonly Site[], Omit<Inferred, "sites" | "samples">>();

  const inferLatent = (batch: Batch, context: InferContext): Site[] => {
    const { q, features } = store.bind(context.proposal ?? {}, () => {
      const features = encoder.encode(pick(batch.fields, seen.encoder), context);
      return { features, q: posterior.at(features, { parents: {} }) };
    });
    const p = priorAt(conditionsOf(seen.prior, {}, batch.fields, q.batchShape), context);
    const sites = [makeSite({ name: SITE, q, p, noise: context.noise, samples: context.samples })];
    left.set(sites, { features });
    return sites;
  };

  const inferWithLabel = (known: Label, batch: Batch, context: InferContext): Site[] => {
    const { samples, noise } = context;
    const size = batch.index.shape[0]!;
    const leading = [samples * known.categories, size];
    const { logQ, features, q } = store.bind(context.proposal ?? {}, () => {
      const logQ = labelLogProbabilities(known, pick(batch.fields, [modeled]), context);
      const others = pick(
        batch.fields,
        seen.encoder.filter((name) => name !== known.name),
      );
      // Each example with each category, encoded once whatever the number of draws.
      const categories = tf.reshape(
        tf.tile(tf.expandDims(tf.range(0, known.categories, 1, "float32"), 1), [1, size]),
        [-1],
      );
      const each = { ...mapValues(others, (x) => repeated(x, known.categories)), [known.name]: categories };
      const features = mapValues(encoder.encode(each, context), (x) => repeated(x, samples));
      return { logQ, features, q: batchReshape(posterior.at(features, { parents: {} }), leading) };
    });
    const y = labelSite(known, batch, logQ, context);
    const p = priorAt(conditionsOf(seen.prior, { [known.name]: y.value }, batch.fields, leading), context);
    const drawn = q.sampleAndLogProb(noise, SITE, []);
    const sites = [y, makeSite({ name: SITE, q, p, noise, samples, drawn })];
    left.set(sites, { features, labelLogProbabilities: logQ });
    return sites;
  };

  const inferredWith = (sites: readonly Site[], samples: number): Inferred => {
    const rest = left.get(sites);
    if (!rest) throw new VaelabError("CONTRACT", { message: "a head was asked about sites that `infer` did not give" });
    return { sites, samples, ...rest };
  };

  const drawGiven = (count: number, context: CallContext): Fields => {
    const drawn = drawFromData(count, context);
    if (!label) return drawn;
    const value = labelPrior(label).sample(context.noise, label.name, [count]);
    return { ...drawn, [label.name]: tf.cast(tf.argMax(value, -1), "float32") };
  };

  const model: JoinedModel = {
    fields,
    modeled,
    latents: { ...(label && { [label.name]: [label.categories] }), [SITE]: latent },
    conditions: { ...seen.conditions, ...(label && { [label.name]: fields[label.name]! }) },
    infer: (batch, context) => (label ? inferWithLabel(label, batch, context) : inferLatent(batch, context)),
    inferredWith,
    generate: (values, context, given) => {
      const z = values[SITE];
      if (!z) throw new VaelabError("INTERNAL", { message: `no value for the latent "${SITE}"` });
      const leading = z.shape.slice(0, z.rank - latent.length);
      const all = { ...conditionsOf(seen.decoder, values, given, leading), [SITE]: z };
      const folded = mapValues(all, (value) =>
        tf.reshape(value, [sizeOf(leading), ...value.shape.slice(leading.length)]),
      );
      const parameters = decoder.decode(folded, context);
      return likelihood.at(tf.reshape(parameters, [...leading, ...likelihood.outputs]));
    },
    samplePrior: (count, context, given) => {
      const asked = label || seen.prior.length > 0 ? { ...drawGiven(count, inner(context, "given")), ...given } : {};
      const values = label ? { [label.name]: conditionOn(label.name, fields, asked, [count]) } : {};
      const parents = conditionsOf(seen.prior, values, asked, [count]);
      const p = priorAt(parents, context);
      return { ...values, [SITE]: p.sample(context.noise, SITE, seen.prior.length > 0 ? [] : [count]) };
    },
    drawGiven,
    predict: (_, sites, samples, context) => {
      const inferred = inferredWith(sites, samples);
      return Object.fromEntries(
        heads.flatMap(({ plan, predict }) => (predict ? [[plan.field, predict(inferred, context)]] : [])),
      );
    },
  };
  return model;
};
