/** What posteriors with codebooks share: their fields, the vectors that are quantized, and what becomes of these. */
import type { CallContext, FeatureMaps } from "../../contracts/call-context.js";
import type { ResolvedFields } from "../../contracts/kinds.js";
import type { PosteriorContext } from "../../contracts/posterior.js";
import { Quantized } from "../../distributions/quantized.js";
import { VaelabError } from "../../errors.js";
import { dense } from "../../nn/index.js";
import { sizeOf } from "../../tensor/fields.js";
import { type Scalar, stopGradient, straightThrough, type Tensor, tf } from "../../tensor/tensor.js";
import { featureOutputs } from "./feature-outputs.js";

export const QUANTIZATION = {
  codes: { type: "integer", minimum: 2, default: 64, description: "Vectors of each codebook" },
  commitment: {
    type: "number",
    minimum: 0,
    default: 0.25,
    description:
      "Weight of the squared distance between the encoder's vectors and their codes, summed over the latent, beside the bound",
  },
  update: {
    enum: ["ema", "loss"],
    default: "ema",
    description:
      "Codebooks follow moving averages of the vectors assigned to them, or their own loss, the squared distance",
  },
  decay: {
    type: "number",
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.99,
    description: "With ema: how much the averages keep at each step",
  },
  restart: {
    type: "number",
    minimum: 0,
    description:
      "With ema: codes to which fewer vectors of an average batch are assigned restart at a vector of the batch; never if not given",
  },
} as const;

export const DEPTH_DROPOUT = {
  type: "number",
  minimum: 0,
  exclusiveMaximum: 1,
  default: 0,
  description: "Probability with which, in training, a level is dropped for a vector, and all levels after it",
} as const;

/** @throws SPEC_COMBINATION at a restart of codes that a loss moves */
export const checkedQuantization = (fields: ResolvedFields): ResolvedFields => {
  if (fields.update === "loss" && typeof fields.restart === "number" && fields.restart > 0)
    throw new VaelabError("SPEC_COMBINATION", {
      message: 'codes that a loss moves cannot "restart"',
      remedy: 'Set "update" to "ema", or leave "restart" out.',
    });
  return fields;
};

/**
 * The vectors to quantize, [N, ...latent]: where the feature map has the latent's grid, a dense layer at each place of it; else one dense
 * layer of all features.
 */
export const encodedVectors = (context: PosteriorContext): ((maps: FeatureMaps) => Tensor) => {
  const { latent, parameters } = context;
  const { features } = context.features;
  const [grid, dimensions] = [latent.slice(0, -1), latent.at(-1)!];
  const isOnGrid = grid.length > 0 && features?.slice(0, -1).join() === grid.join();
  if (!isOnGrid) return featureOutputs(context)("vectors", latent);
  const channels = features!.at(-1)!;
  const layer = dense(parameters.scope("vectors"), channels, dimensions);
  return (maps) => tf.reshape(layer(tf.reshape(maps.features!, [-1, channels])), [-1, ...latent]);
};

/** The sum over an example of the squared distance of vectors from a target without gradient, averaged over the examples. */
export const distance = (vectors: Tensor, target: Tensor, examples: number): Scalar =>
  tf.div(tf.sum(tf.squaredDifference(vectors, stopGradient(target))), examples);

/** The posterior at its codes; in training, their gradient is passed on to the vectors that they stand for. */
export const quantizedAt = (
  { encoded, quantized, codes }: Record<"encoded" | "quantized" | "codes", Tensor>,
  { training }: CallContext,
): Quantized => new Quantized(training ? straightThrough(quantized, encoded) : quantized, codes, encoded.rank - 1);

/** Codes per vector of the last axis, in the order of the vectors: [variables, categories]. */
export const codeShape = (latent: readonly number[], perVector: number, codes: number): readonly number[] => [
  sizeOf(latent.slice(0, -1)) * perVector,
  codes,
];

/** The sums of one-hot codes in levels, [..., variables, categories] → [..., ...latent]. @param embed the vectors of a level's codes */
export const embedLevels = (
  codes: Tensor,
  latent: readonly number[],
  embed: readonly ((codes: Tensor) => Tensor)[],
): Tensor => {
  const leading = codes.shape.slice(0, -2);
  const rows = tf.unstack(tf.reshape(codes, [-1, embed.length, codes.shape.at(-1)!]), 1);
  const vectors = embed.map((each, level) => each(rows[level]!));
  return tf.reshape(
    vectors.reduce((total, each) => tf.add(total, each)),
    [...leading, ...latent],
  );
};

/** 1 for each vector whose levels are kept as far as this one, [M, 1] by level, else 0; nothing where all levels are kept. */
export const keptLevels = (
  rate: number,
  levels: number,
  count: number,
  { training, noise }: CallContext,
): Tensor[] | undefined => {
  if (!training || rate === 0) return undefined;
  const draws = tf.unstack(noise.uniform("depth-dropout", [levels, count, 1]));
  const kept: Tensor[] = [];
  for (const draw of draws) {
    const own = tf.cast(tf.greaterEqual(draw, rate), "float32");
    kept.push(kept.length > 0 ? tf.mul(kept.at(-1)!, own) : own);
  }
  return kept;
};
