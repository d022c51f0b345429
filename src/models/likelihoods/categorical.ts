/**
 * P(x|z) = prod_j softmax(l_j(z))_{x_j}, in nats: one category for each element of a field of codes, or for each one-hot vector along the last
 * axis of a field.
 */
import { CategoryCodes } from "../../distributions/category-codes.js";
import { OneHotBlocks } from "../../distributions/one-hot-blocks.js";
import { defineLikelihood } from "../../spec/define.js";
import type { FieldSchema } from "../../tensor/fields.js";
import { logNormalize } from "../../tensor/mathematics.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { stackedParameters } from "./several-parameters.js";
import { supportRefusal } from "./supports.js";

/** Sizes of the one-hot vectors along the last axis: of the columns of a table, else a single one. */
const blocksOf = ({ columns, shape }: FieldSchema): number[] => columns?.map(({ width }) => width) ?? [shape.at(-1)!];

const byBlock = (logits: Tensor, blocks: readonly number[]): Tensor[] =>
  blocks.length === 1 ? [logits] : tf.split(logits, [...blocks], logits.rank - 1);

export const categorical = defineLikelihood({
  schema: {
    type: "object",
    title: "categorical with independent elements",
    description:
      "Categories as codes 0 ... K - 1 or as one-hot vectors along the last axis; the decoder gives their logits",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "categorical" } },
  },
  formula: "P(x = k | z) = softmax(l(z))_k",
  source: "Kingma & Welling 2014, section 2.3; 256 gray levels: van den Oord, Kalchbrenner & Kavukcuoglu 2016",
  capabilities: () => ["density"],
  refuses: (_, field) =>
    supportRefusal("a categorical likelihood needs categories, as codes or one-hot", ["categorical", "one-hot"], field),
  create: (_, { field }) => {
    const { shape, support, classes } = field;
    if (support === "one-hot") {
      const blocks = blocksOf(field);
      return {
        outputs: shape,
        at: (logits) => new OneHotBlocks(byBlock(logits, blocks).map(logNormalize), shape.length),
      };
    }
    const { outputs, stack } = stackedParameters(shape, classes!);
    return { outputs, at: (decoded) => new CategoryCodes(logNormalize(stack(decoded)), shape.length) };
  },
});
