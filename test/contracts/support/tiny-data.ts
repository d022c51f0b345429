/** Twelve examples of any support, beside a label of three classes: the data that every component is tried on. */
import type { DatasetDescription, SplitName } from "../../../src/contracts/index.js";
import { type Stream, stream } from "../../../src/numerics/streams.js";
import { defineDataset } from "../../../src/spec/define.js";
import { type FieldSchema, SUPPORTS, type Support, sizeOf } from "../../../src/tensor/fields.js";

export const CLASSES = 3;
const SHAPES = { image: [5, 4, 1], vector: [4] } as const;
const SIZES: Readonly<Record<SplitName, number>> = { train: 12, validation: 6, test: 5 };

/** A value of a support from a uniform draw. */
const VALUES: Readonly<Record<Exclude<Support, "one-hot">, (u: number) => number>> = {
  binary: (u) => Number(u < 0.4),
  unit: (u) => u,
  real: (u) => 4 * u - 2,
  positive: (u) => 4 * u + 0.1,
  categorical: (u) => Math.floor(u * CLASSES),
  count: (u) => Math.floor(u * 6),
};

/** One field of each kind and support. The channels of a one-hot image are its categories. */
export const fieldOf = (kind: keyof typeof SHAPES, support: Support): FieldSchema => ({
  kind,
  shape: kind === "image" && support === "one-hot" ? [5, 4, CLASSES] : SHAPES[kind],
  support,
  ...(support === "categorical" && { classes: CLASSES }),
});

/** Values of some examples of a field, one after another. */
export const drawValues = ({ shape, support }: FieldSchema, count: number, uniform: Stream): Float32Array => {
  const values = new Float32Array(count * sizeOf(shape));
  if (support !== "one-hot") return values.map(() => VALUES[support](uniform()));
  const categories = shape.at(-1)!;
  for (let i = 0; i < values.length; i += categories) values[i + Math.floor(uniform() * categories)] = 1;
  return values;
};

const describe = (kind: keyof typeof SHAPES, support: Support): DatasetDescription => ({
  fields: {
    x: fieldOf(kind, support),
    label: { kind: "label", shape: [], support: "categorical", classes: CLASSES },
  },
  modeled: "x",
  sizes: SIZES,
});

export const tiny = defineDataset({
  schema: {
    type: "object",
    title: "twelve examples",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "tiny" },
      kind: { enum: ["image", "vector"], default: "image" },
      support: { enum: SUPPORTS, default: "binary" },
    },
  },
  inspect: ({ kind, support }) => describe(kind as keyof typeof SHAPES, support as Support),
  create: ({ kind, support }) => {
    const description = describe(kind, support);
    return {
      ...description,
      sha256: "0",
      split: (name) => ({
        size: SIZES[name],
        read: (rows) => {
          const field = fieldOf(kind, support);
          const width = sizeOf(field.shape);
          const columns = { x: new Float32Array(rows.length * width), label: new Float32Array(rows.length) };
          for (let i = 0; i < rows.length; i++) {
            const uniform = stream(5, `${name}/${rows[i]}`);
            columns.label[i] = VALUES.categorical(uniform());
            columns.x.set(drawValues(field, 1, uniform), i * width);
          }
          return columns;
        },
      }),
    };
  },
});
