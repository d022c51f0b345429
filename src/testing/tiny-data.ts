/** A few examples of any support, beside a label of three classes: the data that every component is tried on. */
import type { DatasetDescription, SplitName } from "../contracts/index.js";
import { type Stream, stream } from "../numerics/streams.js";
import { defineDataset } from "../spec/define.js";
import { type ColumnSchema, type FieldSchema, SUPPORTS, type Support, sizeOf } from "../tensor/fields.js";

export const CLASSES = 3;
const SHAPES = { image: [5, 4, 1], "large-image": [12, 11, 1], vector: [4] } as const;
type FieldKind = keyof typeof SHAPES | "table";
/** Every kind of column, in no order. */
const COLUMNS: readonly ColumnSchema[] = (
  ["numeric", "categorical", "positive", "count", "numeric", "binary"] as const
).map((kind, i) => ({ name: `column ${i}`, kind, width: kind === "categorical" ? CLASSES : 1 }));
const SUPPORT_OF = {
  numeric: "real",
  categorical: "one-hot",
  positive: "positive",
  count: "count",
  binary: "binary",
} as const;
const HELD_OUT = { validation: 6, test: 5 } as const;

/** A value of a support from a uniform draw. */
const VALUES: Readonly<Record<Exclude<Support, "one-hot">, (u: number) => number>> = {
  binary: (u) => Number(u < 0.4),
  unit: (u) => u,
  real: (u) => 4 * u - 2,
  positive: (u) => 4 * u + 0.1,
  categorical: (u) => Math.floor(u * CLASSES),
  count: (u) => Math.floor(u * 6),
};

/** The support of a table of all kinds of columns is "real". */
export const TABLE: FieldSchema = { kind: "vector", shape: [8], support: "real", columns: COLUMNS };

/** One field of each kind and support. The channels of a one-hot image are its categories. */
export const fieldOf = (kind: FieldKind, support: Support): FieldSchema => {
  if (kind === "table") return TABLE;
  return {
    kind: kind === "large-image" ? "image" : kind,
    shape: kind === "image" && support === "one-hot" ? [5, 4, CLASSES] : SHAPES[kind],
    support,
    ...(support === "categorical" && { classes: CLASSES }),
  };
};

/** Fields of both kinds and of every support, and a table of all kinds of columns. */
export const allFields = (): readonly FieldSchema[] => [
  ...SUPPORTS.flatMap((support) => [fieldOf("vector", support), fieldOf("image", support)]),
  TABLE,
];

/** "an image of unit values". */
export const nameOfField = ({ kind, support, columns }: FieldSchema): string => {
  if (columns) return "a table";
  return `${kind === "image" ? "an" : "a"} ${kind} of ${support} values`;
};

/** By column, of one example. */
const drawRow = (columns: readonly ColumnSchema[], uniform: Stream): number[] =>
  columns.flatMap(({ kind, width }) =>
    Array.from(drawValues({ kind: "vector", shape: [width], support: SUPPORT_OF[kind] }, 1, uniform)),
  );

/** Values of some examples of a field, one after another. */
export const drawValues = ({ shape, support, columns }: FieldSchema, count: number, uniform: Stream): Float32Array => {
  if (columns) return Float32Array.from(Array.from({ length: count }, () => drawRow(columns, uniform)).flat());
  const values = new Float32Array(count * sizeOf(shape));
  if (support !== "one-hot") return values.map(() => VALUES[support](uniform()));
  const categories = shape.at(-1)!;
  for (let i = 0; i < values.length; i += categories) values[i + Math.floor(uniform() * categories)] = 1;
  return values;
};

/** One cell in five of a table is missing: what its elements are then, and whether they are there. */
const hideCells = (values: Float32Array, uniform: Stream): Float32Array => {
  const mask = new Float32Array(values.length).fill(1);
  let at = 0;
  for (const { kind, width } of COLUMNS) {
    if (uniform() < 0.2) {
      values.fill(kind === "positive" ? 1 : 0, at, at + width);
      mask.fill(0, at, at + width);
    }
    at += width;
  }
  return mask;
};

interface TinyFields {
  kind: FieldKind;
  support: Support;
  train: number;
}
const describe = ({ kind, support, train }: TinyFields): DatasetDescription => ({
  fields: {
    x: fieldOf(kind, support),
    label: { kind: "label", shape: [], support: "categorical", classes: CLASSES },
  },
  modeled: "x",
  sizes: { train, ...HELD_OUT },
  ...(kind === "table" && { partial: ["x"] }),
});

export const tiny = defineDataset({
  schema: {
    type: "object",
    title: "a few examples",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "tiny" },
      kind: { enum: ["image", "large-image", "vector", "table"], default: "image" },
      support: { enum: SUPPORTS, default: "binary" },
      train: { type: "integer", minimum: 1, default: 12 },
    },
  },
  inspect: (fields) => describe(fields as unknown as TinyFields),
  create: ({ kind, support, train }) => {
    const description = describe({ kind, support, train });
    const field = fieldOf(kind, support);
    const width = sizeOf(field.shape);
    const examples = (name: SplitName, rows: ArrayLike<number>) => {
      const columns = { x: new Float32Array(rows.length * width), label: new Float32Array(rows.length) };
      const masks = new Float32Array(rows.length * width);
      for (let i = 0; i < rows.length; i++) {
        const uniform = stream(5, `${name}/${rows[i]}`);
        columns.label[i] = VALUES.categorical(uniform());
        const values = drawValues(field, 1, uniform);
        if (kind === "table") masks.set(hideCells(values, uniform), i * width);
        columns.x.set(values, i * width);
      }
      return { columns, masks };
    };
    return {
      ...description,
      sha256: "0",
      split: (name) => ({
        size: description.sizes[name],
        read: (rows) => examples(name, rows).columns,
        ...(kind === "table" && { observed: (rows: ArrayLike<number>) => ({ x: examples(name, rows).masks }) }),
      }),
    };
  },
});
