/** Twelve examples of any support, beside a label of three classes: the data that every component is tried on. */
import type { DatasetDescription, SplitName } from "../../../src/contracts/index.js";
import { stream } from "../../../src/numerics/streams.js";
import { defineDataset } from "../../../src/spec/define.js";
import { type Support, sizeOf } from "../../../src/tensor/fields.js";

export const SUPPORTS = [
  "binary",
  "unit",
  "real",
  "positive",
  "categorical",
  "count",
] as const satisfies readonly Support[];
export const CLASSES = 3;
const SHAPES = { image: [5, 4, 1], vector: [4] } as const;
const SIZES: Readonly<Record<SplitName, number>> = { train: 12, validation: 6, test: 5 };

/** A value of a support from a uniform draw. */
const VALUES: Readonly<Record<(typeof SUPPORTS)[number], (u: number) => number>> = {
  binary: (u) => Number(u < 0.4),
  unit: (u) => u,
  real: (u) => 4 * u - 2,
  positive: (u) => 4 * u + 0.1,
  categorical: (u) => Math.floor(u * CLASSES),
  count: (u) => Math.floor(u * 6),
};

const describe = (kind: keyof typeof SHAPES, support: Support): DatasetDescription => ({
  fields: {
    x: { kind, shape: SHAPES[kind], support, ...(support === "categorical" && { classes: CLASSES }) },
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
          const width = sizeOf(SHAPES[kind]);
          const columns = { x: new Float32Array(rows.length * width), label: new Float32Array(rows.length) };
          for (let i = 0; i < rows.length; i++) {
            const uniform = stream(5, `${name}/${rows[i]}`);
            columns.label[i] = VALUES.categorical(uniform());
            for (let j = 0; j < width; j++) columns.x[i * width + j] = VALUES[support](uniform());
          }
          return columns;
        },
      }),
    };
  },
});
