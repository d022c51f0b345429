/**
 * Inference along the edges of `inferredFrom`: q of each latent given the features and the latents before it, a draw from it or all
 * of its values, and then the priors at those values. A latent that depends on no other has batchShape [B]; every other has the
 * sample axis in its batch, [S * K, B].
 */
import type { CallContext, FeatureMaps, Values } from "../contracts/call-context.js";
import type { Distribution } from "../contracts/distribution.js";
import type { InferContext, Inferred, Site } from "../contracts/inferred.js";
import type { PosteriorCall } from "../contracts/posterior.js";
import { batchReshape } from "../distributions/index.js";
import { VaelabError } from "../errors.js";
import { forkCall } from "../inference/call.js";
import { type Rows, SampleAxis } from "../inference/sample-axis.js";
import { inferredFrom, makeSite } from "../inference/site.js";
import { lazily } from "../numerics/lazily.js";
import { mapValues } from "../numerics/records.js";
import type { Batch } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { conditionsOf, featuresAt, type JoinedParts, pick, priorAt } from "./joined-parts.js";
import { areFeaturesRead, inferenceOrder, type Latent, parentsOf, priorFollowsDraw } from "./latents.js";
import { logJointOf } from "./log-joint.js";
import { categoryLogProbabilities, posteriorGivenLabels, priorGivenLabels } from "./observed-label.js";
import { featuresOf } from "./sources.js";

/** A latent whose value is known, and whose prior is not yet. */
interface Drawn extends Rows {
  q: Distribution;
  /** Codes of `tensor`, [rows, B, variables, categories]. */
  codes?: Tensor | undefined;
  /** ln q of `tensor`, [rows, B]. */
  logProb(): Tensor;
}

/** [rows, B, ...] → [rows * B, ...]. */
const mergeRows = (x: Tensor): Tensor => tf.reshape(x, [x.shape[0]! * x.shape[1]!, ...x.shape.slice(2)]);
/** [B, ...] → [times * B, ...], the examples innermost. */
const repeated = (x: Tensor, times: number): Tensor =>
  times === 1 ? x : tf.tile(x, [times, ...x.shape.slice(1).map(() => 1)]);

const unknownLatent = (name: string): never => {
  throw new VaelabError("INTERNAL", { message: `the latent "${name}" is read before it is inferred` });
};

/** [K, rows, B, ...] → [rows * K, B, ...]: the support innermost. */
const supportInnermost = (x: Tensor): Tensor => {
  const [values, rows, ...rest] = x.shape as [number, number, ...number[]];
  const axes = x.shape.map((_, axis) => (axis < 2 ? 1 - axis : axis));
  return tf.reshape(tf.transpose(x, axes), [rows * values, ...rest]);
};

const enumerated = (name: string, q: Distribution, axis: SampleAxis): Drawn => {
  if (!q.enumerate)
    throw new VaelabError("CONTRACT", {
      message: `the latent "${name}" is summed over, but its posterior has no finite support`,
    });
  const support = q.enumerate();
  const isOfExamples = q.batchShape.length === 1;
  axis.enumerate(support.shape[0]!);
  return {
    q,
    tensor: isOfExamples ? support : supportInnermost(support),
    drawn: !isOfExamples,
    logProb: () => (isOfExamples ? q.logProb(support) : supportInnermost(q.logProb(support))),
  };
};

const sampled = (name: string, q: Distribution, axis: SampleAxis, { noise }: InferContext): Drawn => {
  const draw = q.sampleAndLogProb(noise, name, q.batchShape.length === 1 ? [axis.draws] : []);
  return { q, tensor: draw.value, codes: draw.codes, drawn: true, logProb: () => draw.logProb };
};

/** A value that the caller gave instead. */
const given = (q: Distribution, value: Tensor): Drawn => ({
  q,
  tensor: value,
  drawn: true,
  logProb: () => q.logProb(value),
});

/** [S * K, B, ...] by latent. */
const spreadValues = (values: ReadonlyMap<string, Drawn>, axis: SampleAxis): Values =>
  Object.fromEntries(Array.from(values, ([name, drawn]) => [name, axis.spread(drawn, true)] as const));

/** [S * K, B, ...], of the latents whose values stand for codes. */
const spreadCodes = (values: ReadonlyMap<string, Drawn>, axis: SampleAxis): Values =>
  Object.fromEntries(
    Array.from(values).flatMap(([name, { codes, drawn }]) =>
      codes ? [[name, axis.spread({ tensor: codes, drawn }, true)] as const] : [],
    ),
  );

/** With noise of its own, and losses that are about the latent. */
const posteriorCall = ({ name }: Latent, context: InferContext): CallContext =>
  forkCall(context, `posterior ${name}`, { loss: (loss, value) => context.loss(loss, value, name) });

/** What q of a latent may ask for beside its features. */
const posteriorHelp = (
  parts: JoinedParts,
  latent: Latent,
  values: ReadonlyMap<string, Drawn>,
  { axis, batch, context }: { axis: SampleAxis; batch: Batch; context: InferContext },
): Pick<PosteriorCall, "call" | "logJoint" | "encode"> => ({
  call: posteriorCall(latent, context),
  logJoint: logJointOf(parts, latent, {
    batch,
    context,
    others: () => spreadValues(values, axis),
    codes: () => spreadCodes(values, axis),
  }),
  encode: (fields) => {
    const encoding = { purpose: "pseudo-input", loss: () => {} } as const;
    return featuresAt(parts, latent, forkCall(context, `encode for ${latent.name}`, encoding))(fields);
  },
});

/** q of one latent: [B], or [rows, B] where it depends on another. */
const posteriorOf = (
  parts: JoinedParts,
  latent: Latent,
  values: ReadonlyMap<string, Drawn>,
  { x, axis, batch, context }: { x: () => FeatureMaps; axis: SampleAxis; batch: Batch; context: InferContext },
): Distribution => {
  const names = parentsOf(latent);
  const help = posteriorHelp(parts, latent, values, { axis, batch, context });
  if (names.length === 0) {
    const data = () => pick(batch.fields, parts.routing.encoder);
    const maps = featuresOf(latent, { x, data, latent: unknownLatent }, context);
    const masked = batch.observed && { observed: batch.observed };
    return latent.posterior.at(maps, { ...help, parents: {}, ...masked });
  }
  // What depends on no draw goes through the network once, whatever the number of draws.
  const drawn = names.some((name) => values.get(name)!.drawn);
  const count = axis.length(drawn);
  const merged = (name: string, asDrawn: boolean): Tensor => mergeRows(axis.spread(values.get(name)!, asDrawn));
  const seen = featuresOf(
    latent,
    {
      x: () => mapValues(x(), (map) => repeated(map, count)),
      data: () => mapValues(pick(batch.fields, parts.routing.encoder), (field) => repeated(field, count)),
      latent: (name) => merged(name, drawn),
    },
    context,
  );
  const maps = drawn ? seen : mapValues(seen, (map) => repeated(map, axis.draws));
  const parents = Object.fromEntries(names.map((name) => [name, merged(name, true)]));
  const masks = batch.observed && mapValues(batch.observed, (mask) => repeated(mask, axis.length(true)));
  const observed = masks && { observed: masks };
  const q = latent.posterior.at(maps, { ...help, parents, ...observed });
  return batchReshape(q, [axis.length(true), batch.index.shape[0]!]);
};

/** ln q(y | x) of a label, [B, K], averaged over what else q depends on. */
const averaged = (logProbabilities: Tensor): Tensor =>
  logProbabilities.rank === 2
    ? logProbabilities
    : tf.sub(tf.logSumExp(logProbabilities, 0), Math.log(logProbabilities.shape[0]!));

export const infer = (parts: JoinedParts, batch: Batch, context: InferContext): Inferred =>
  // Values that are given are scored; the statistics follow what is inferred.
  context.given
    ? parts.store.withoutAssignments(() => inferred(parts, batch, context))
    : inferred(parts, batch, context);

const inferred = (parts: JoinedParts, batch: Batch, context: InferContext): Inferred => {
  const { encoder, routing, store } = parts;
  const axis = new SampleAxis(context.samples);
  const values = new Map<string, Drawn>();
  const labelLogProbabilities: Record<string, Tensor> = {};
  const x = lazily(() => encoder.encode(pick(batch.fields, routing.encoder), context));
  const network = (): void => {
    for (const latent of inferenceOrder(parts.latents)) {
      const { name, observed } = latent;
      let q = posteriorOf(parts, latent, values, { x, axis, batch, context });
      if (observed !== undefined) {
        const logProbabilities = categoryLogProbabilities(q, `the posterior of the latent "${name}"`);
        labelLogProbabilities[observed] = averaged(logProbabilities);
        if (context.training) q = posteriorGivenLabels(logProbabilities, batch, observed);
      }
      values.set(name, drawnOf(latent, q, axis, context));
    }
  };
  store.bind(context.proposal ?? {}, () => (context.fixed ? store.withoutGradients(network) : network()));
  const sites = sitesOf(parts, values, axis, { batch, context });
  return inferredFrom(sites, context.samples, { features: usedFeatures(x, parts), labelLogProbabilities });
};

const drawnOf = ({ name, enumerate }: Latent, q: Distribution, axis: SampleAxis, context: InferContext): Drawn => {
  const value = context.given?.[name];
  if (value) return given(q, value);
  return enumerate ? enumerated(name, q, axis) : sampled(name, q, axis, context);
};

/** In the order of the spec, whatever the order of inference: reports and files list them so. */
const sitesOf = (
  parts: JoinedParts,
  values: ReadonlyMap<string, Drawn>,
  axis: SampleAxis,
  { batch, context }: { batch: Batch; context: InferContext },
): Site[] => {
  const { training, noise, samples } = context;
  const [spread, codes] = [spreadValues(values, axis), spreadCodes(values, axis)];
  const leading = [axis.length(true), batch.index.shape[0]!];
  return parts.latents.map((latent): Site => {
    const { name, observed } = latent;
    const drawn = values.get(name)!;
    const parents = conditionsOf(parts, latent, { values: spread, conditions: batch.fields, leading });
    const prior = priorAt(parts, latent, parents, { ...context, index: batch.index });
    const p =
      training && observed !== undefined
        ? priorGivenLabels(categoryLogProbabilities(prior, `the prior of the latent "${name}"`), batch, observed)
        : prior;
    const logProb = lazily(() => axis.spread({ ...drawn, tensor: drawn.logProb() }, true));
    return makeSite({
      name,
      q: drawn.q,
      support: latent.support,
      p,
      noise,
      samples,
      enumerated: latent.enumerate && (context.summed === true || !context.given?.[name]),
      followed: priorFollowsDraw(parts.latents, latent),
      drawn: {
        value: spread[name]!,
        ...(codes[name] && { codes: codes[name] }),
        get logProb() {
          return logProb();
        },
      },
    });
  });
};

/** The encoder's feature maps for heads that read them. */
const usedFeatures = (x: () => FeatureMaps, { latents, heads }: JoinedParts): FeatureMaps =>
  areFeaturesRead(latents, heads) ? x() : {};
