/**
 * p(x|z) = prod_k p_k(x_k|z) over the kinds of columns of a table, in nats: each kind has a likelihood of its own, which models its columns
 * side by side. A missing cell contributes nothing.
 */
import { SideBySide } from "../../distributions/side-by-side.js";
import { defineLikelihood } from "../../spec/define.js";
import { type ColumnSchema, type FieldSchema, type Support, sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";
import { suitedTo } from "./supports.js";

type ColumnKind = ColumnSchema["kind"];

const SUPPORT_OF: Readonly<Record<ColumnKind, Support>> = {
  numeric: "real",
  positive: "positive",
  binary: "binary",
  categorical: "one-hot",
  count: "count",
};
const KINDS = Object.keys(SUPPORT_OF) as readonly ColumnKind[];

/** The columns of one kind as a field of their own; undefined if there are none. */
const fieldOf = (kind: ColumnKind, { columns = [] }: FieldSchema): FieldSchema | undefined => {
  const own = columns.filter((column) => column.kind === kind);
  if (own.length === 0) return undefined;
  const width = own.reduce((sum, column) => sum + column.width, 0);
  return { kind: "vector", shape: [width], support: SUPPORT_OF[kind], columns: own };
};

const slot = <const Default extends object>(columns: string, likelihood: Default) =>
  ({
    type: "object",
    component: "likelihood",
    deferred: true,
    default: likelihood,
    description: `Likelihood of the ${columns} columns`,
  }) as const;

export const columns = defineLikelihood({
  schema: {
    type: "object",
    title: "one likelihood for each kind of column of a table",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "columns" },
      numeric: slot("numeric", { type: "gaussian", learn: "element" }),
      positive: slot("positive", { type: "log-normal", learn: "element" }),
      binary: slot("binary", { type: "bernoulli" }),
      categorical: slot("categorical", { type: "categorical" }),
      count: slot("count", { type: "negative-binomial" }),
    },
  },
  formula: "p(x | z) = prod_k p_k(x_k | z), x_k the columns of kind k",
  source: "Nazabal et al. 2020, section 2.2",
  capabilities: (_, slots) => (slots.all("likelihood", "density") ? ["density"] : []),
  refuses: (_, field) =>
    field.columns
      ? undefined
      : `it models the columns of a table, such as those of a csv, and this field has none: use ${suitedTo(field)}`,
  slotField: (kind, field) => fieldOf(kind as ColumnKind, field),
  create: async (slots, { field }) => {
    const present = KINDS.filter((kind) => fieldOf(kind, field));
    const likelihoods = await Promise.all(present.map((kind) => slots[kind]({ field: fieldOf(kind, field)! })));
    const sizes = likelihoods.map(({ outputs }) => sizeOf(outputs));
    const blocks = field.columns!.map(({ kind, width }) => ({ part: present.indexOf(kind), width }));
    return {
      outputs: [sizes.reduce((sum, size) => sum + size, 0)],
      at: (decoded, call) => {
        const parts = tf.split(decoded, sizes, decoded.rank - 1);
        return new SideBySide(
          likelihoods.map((likelihood, i) => likelihood.at(parts[i]!, call)),
          blocks,
        );
      },
    };
  },
});
