/**
 * The latent as codes in levels, drawn by Gumbel-softmax (HRQ-VAE): the logits of a level are minus the squared distances of its codes from
 * what the levels before it leave over, and the value is the sum of the codes. The codebooks and the encoder follow the gradient of the
 * bound through the draws; there is no commitment loss. The rate is estimated from draws.
 */
import { ResidualCodes } from "../../distributions/residual-codes.js";
import { definePosterior } from "../../spec/define.js";
import { normalWith } from "../../tensor/initializers.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { codeShape, DEPTH_DROPOUT, embedLevels, encodedVectors, keptLevels, QUANTIZATION } from "./quantization.js";
import { checkedRelaxation, RELAXATION } from "./relaxation.js";

/** How much shorter the initial codes of a level are than those of the level before. */
const SHRINKAGE = 0.5;

export const residualGumbelSoftmax = definePosterior({
  schema: {
    type: "object",
    title: "residual Gumbel-softmax",
    description:
      "Sums of codes that are drawn in levels, each by its distance from what the levels before leave over. The prior is over the codes.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "residual-gumbel-softmax" },
      codes: QUANTIZATION.codes,
      levels: {
        type: "integer",
        minimum: 1,
        default: 4,
        description: "Codes that are added up for each vector, with a codebook each",
      },
      temperature: RELAXATION.temperature,
      depthDropout: DEPTH_DROPOUT,
    },
  },
  formula:
    "z = sum_l c_l, q(c_l = e_lk | c_1, ..., c_(l-1), x) = softmax_k(-|r_l - e_lk|^2), r_l = e(x) - sum_(j<l) c_j",
  source: "Hosking, Tang & Lapata 2022, section 3; straight-through draws: Jang, Gu & Poole 2017",
  resolve: checkedRelaxation,
  capabilities: () => ["density", "discrete"],
  family: () => "residual-codes",
  support: () => "codes",
  create: ({ codes, levels, temperature, depthDropout }, context) => {
    const { latent, parameters } = context;
    const width = latent.at(-1)!;
    const vectors = encodedVectors(context);
    const codebooks = Array.from({ length: levels }, (_, level) =>
      parameters.scope(`codebook-${level}`)(
        "vectors",
        [codes, width],
        normalWith(0, SHRINKAGE ** level / Math.sqrt(width)),
        { shared: true },
      ),
    );
    return {
      codes: {
        shape: codeShape(latent, levels, codes),
        embed: (given) =>
          embedLevels(
            given,
            latent,
            codebooks.map(
              ({ value }) =>
                (row: Tensor) =>
                  tf.matMul(row, value),
            ),
          ),
      },
      at: (maps, { call }) =>
        new ResidualCodes(
          vectors(maps),
          codebooks.map(({ value }) => value),
          latent.length,
          call.training
            ? {
                temperature: call.scalar(temperature),
                kept: (count) => keptLevels(depthDropout, levels, count, call),
              }
            : undefined,
        ),
    };
  },
});
