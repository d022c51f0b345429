/**
 * The latent as codes in levels: the first is the nearest code to a vector of the last axis, each other the nearest to what the levels
 * before it leave over, and the value is their sum. Otherwise as `vector-quantized`; the commitment loss keeps the encoder near the sums
 * of every number of levels. With depth dropout, the decoder sees in training the first levels alone, as many as come before the first one
 * that was dropped.
 */
import { codebook } from "../../nn/index.js";
import { definePosterior } from "../../spec/define.js";
import { type Scalar, stopGradient, type Tensor, tf } from "../../tensor/tensor.js";
import {
  checkedQuantization,
  codeShape,
  DEPTH_DROPOUT,
  distance,
  embedLevels,
  encodedVectors,
  keptLevels,
  QUANTIZATION,
  quantizedAt,
} from "./quantization.js";

const sum = (tensors: readonly Tensor[]): Tensor => tensors.reduce((total, each) => tf.add(total, each));

export const residualQuantized = definePosterior({
  schema: {
    type: "object",
    title: "residual-quantized",
    description:
      "Sums of codes: each vector of the last axis is quantized in levels, each of what the levels before leave over. The prior is over the codes.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "residual-quantized" },
      ...QUANTIZATION,
      levels: {
        type: "integer",
        minimum: 1,
        default: 4,
        description: "Codes that are added up for each vector, with a codebook each",
      },
      depthDropout: DEPTH_DROPOUT,
    },
  },
  formula:
    "z = sum_l c_l, c_l the nearest code of level l to r_l, r_1 = e(x), r_(l+1) = r_l - c_l; commitment sum_l |e(x) - sg(c_1 + ... + c_l)|^2",
  source: "Lee et al. 2022, equations 3 to 8; Zeghidour et al. 2021; depth dropout: Hosking, Tang & Lapata 2022",
  resolve: checkedQuantization,
  capabilities: () => ["density", "evaluable", "discrete"],
  family: () => "quantized",
  support: () => "codes",
  create: ({ levels, commitment, depthDropout, ...options }, context) => {
    const { latent, parameters } = context;
    const width = latent.at(-1)!;
    const vectors = encodedVectors(context);
    const codebooks = Array.from({ length: levels }, (_, level) =>
      codebook(parameters.scope(`codebook-${level}`), width, options),
    );
    const shape = codeShape(latent, levels, options.codes);
    return {
      codes: {
        shape,
        embed: (codes) =>
          embedLevels(
            codes,
            latent,
            codebooks.map(({ embed }) => embed),
          ),
      },
      at: (maps, { call }) => {
        const encoded = vectors(maps);
        const examples = encoded.shape[0]!;
        const whole = tf.reshape(encoded, [-1, width]);
        let residual = stopGradient(whole);
        let quantized = tf.zerosLike(residual);
        const kept = keptLevels(depthDropout, levels, residual.shape[0]!, call);
        let shown = quantized;
        const codes: Tensor[] = [];
        const losses: { codebook: Scalar; commitment: Scalar }[] = [];
        for (const [level, each] of codebooks.entries()) {
          const nearest = each.nearest(residual);
          if (call.training && call.purpose === "data")
            each.learn(residual, nearest.codes, call.noise.fork(`codebook-${level}`));
          quantized = tf.add(quantized, nearest.vectors);
          shown = kept ? tf.add(shown, tf.mul(kept[level]!, nearest.vectors)) : quantized;
          codes.push(nearest.codes);
          losses.push({
            codebook: distance(nearest.vectors, residual, examples),
            commitment: distance(whole, quantized, examples),
          });
          residual = stopGradient(tf.sub(residual, nearest.vectors));
        }
        if (options.update === "loss") call.loss("codebook", sum(losses.map((each) => each.codebook)) as Scalar);
        call.loss("commitment", tf.mul(commitment, sum(losses.map((each) => each.commitment))));
        return quantizedAt(
          {
            encoded,
            quantized: tf.reshape(shown, encoded.shape),
            codes: tf.reshape(tf.stack(codes, 1), [-1, ...shape]),
          },
          call,
        );
      },
    };
  },
});
