/** Gaussian experts of a posterior, one for each feature map, and their products. Experts of fields that an example lacks drop out. */
import type { FeatureMaps } from "../../contracts/call-context.js";
import type { PosteriorContext } from "../../contracts/posterior.js";
import { DiagonalGaussian, Mixture } from "../../distributions/index.js";
import type { Fields } from "../../tensor/fields.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { featureOutputs } from "./feature-outputs.js";

/** N(mean, diag exp(logVariance)), [N, ...latent] each. */
export interface Expert {
  mean: Tensor;
  logVariance: Tensor;
  /** 1 where the example has the field, else 0: [N]. Absent where every example has it. */
  present?: Tensor;
}

/** 1 where any value of the field is there, [N]. */
const presenceOf = (mask: Tensor): Tensor => tf.max(tf.reshape(mask, [mask.shape[0]!, -1]), 1);

/** The maps that are named after fields; all of them where none is. */
const mapsOfFields = (features: PosteriorContext["features"], inputs: PosteriorContext["inputs"] = {}): string[] => {
  const names = Object.keys(features).sort();
  const ofFields = names.filter((name) => Object.hasOwn(inputs, name));
  return ofFields.length > 0 ? ofFields : names;
};

/** @returns a function that evaluates the experts in the order of their names */
export const gaussianExperts = ({
  features,
  inputs,
  latent,
  parameters,
}: PosteriorContext): ((maps: FeatureMaps, observed: Fields | undefined) => Expert[]) => {
  const experts = mapsOfFields(features, inputs).map((name) => {
    const output = featureOutputs({ features: { features: features[name]! }, parameters: parameters.scope(name) });
    return { name, mean: output("mean", latent), logVariance: output("log-variance", latent) };
  });
  return (maps, observed) =>
    experts.map(({ name, mean, logVariance }) => {
      const own = { features: maps[name]! };
      const mask = observed?.[name];
      return { mean: mean(own), logVariance: logVariance(own), ...(mask && { present: presenceOf(mask) }) };
    });
};

/** [N] → [N, 1, ...], to multiply [N, ...latent]. */
const spread = (weights: Tensor, { rank }: Tensor): Tensor =>
  tf.reshape(weights, [weights.shape[0]!, ...Array<number>(rank - 1).fill(1)]);

/**
 * The normalized product of Gaussian densities: precisions add, and means average by precision. With the prior expert N(0, I) the
 * precision is at least 1; without it, some expert must be present.
 */
export const productOf = (experts: readonly Expert[], { prior }: { prior: boolean }): Omit<Expert, "present"> => {
  const precisions = experts.map(({ logVariance, present }) => {
    const precision = tf.exp(tf.neg(logVariance));
    return present ? tf.mul(precision, spread(present, precision)) : precision;
  });
  const total = tf.addN(prior ? [...precisions, tf.onesLike(precisions[0]!)] : precisions);
  const weighted = tf.addN(experts.map(({ mean }, i) => tf.mul(precisions[i]!, mean)));
  return { mean: tf.div(weighted, total), logVariance: tf.neg(tf.log(total)) };
};

/** ln 0, without an infinite number: exp of it is 0. */
const LOG_ZERO = -1e9;

/** 1 where all of the experts are present, [N]; undefined where they always are. */
const allPresent = (experts: readonly Expert[]): Tensor | undefined =>
  experts
    .flatMap(({ present }) => present ?? [])
    .reduce<Tensor | undefined>((all, present) => (all ? tf.mul(all, present) : present), undefined);

/**
 * The mixture, in equal parts, of the products of those subsets whose experts are all present, and N(0, I) where there is none. Draws are
 * stratified over the subsets.
 */
export const mixtureOf = (subsets: readonly (readonly Expert[])[], eventRank: number): Mixture => {
  const products = subsets.map((subset) =>
    productOf(
      subset.map(({ present: _, ...expert }) => expert),
      { prior: false },
    ),
  );
  const available = subsets.map(allPresent);
  const zeros = tf.zerosLike(products[0]!.mean);
  const isPartial = available.some((each) => each);
  const components = isPartial ? [...products, { mean: zeros, logVariance: zeros }] : products;
  const weights = (): Tensor => {
    const examples = zeros.shape[0]!;
    const all = tf.stack(
      available.map((each) => each ?? tf.ones([examples])),
      1,
    );
    return tf.concat([all, tf.sub(1, tf.max(all, 1, true))], 1);
  };
  return new Mixture(
    isPartial ? tf.mul(tf.sub(1, weights()), LOG_ZERO) : tf.zeros([components.length]),
    new DiagonalGaussian(
      tf.stack(
        components.map(({ mean }) => mean),
        1,
      ),
      tf.stack(
        components.map(({ logVariance }) => logVariance),
        1,
      ),
      eventRank,
    ),
    true,
  );
};
