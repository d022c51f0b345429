/**
 * Sprites with known factors: shape, scale, orientation, x and y, each a categorical label. Examples are drawn without
 * replacement from the grid of all combinations. Images are rendered on demand, so the grid is never in memory. As in
 * dSprites, a square repeats after a quarter turn and an ellipse after a half turn.
 */
import type { DatasetDescription, SplitName } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { stream } from "../../numerics/streams.js";
import { defineDataset } from "../../spec/define.js";
import type { FieldSchemas } from "../../tensor/fields.js";
import { BINARIZE, prepareGray, seedField, supportOf } from "../gray.js";
import { checkSizes, hashOfSplits, type Sizes, type Source, type Sources, sourceSplit, splitRows } from "../split.js";
import { drawSprite, FACTORS, type FactorSizes, factorsOf, gridSize, SPRITES } from "./sprites.js";

/** Larger grids would need too much memory for the permutation of their examples. */
const LARGEST_GRID = 1 << 24;

const values = (fallback: number, description: string) =>
  ({ type: "integer", minimum: 1, maximum: 1024, default: fallback, description }) as const;

interface Request {
  size: number;
  sprites: readonly string[];
  binarize: unknown;
  factors: FactorSizes;
  sizes: Sizes;
}

const describe = ({ size, sprites, binarize, factors, sizes }: Request): DatasetDescription => {
  const grid = gridSize(factors);
  if (grid > LARGEST_GRID) {
    throw new VaelabError("SPEC_INVALID", {
      message: `the factors have ${grid} combinations; the maximum is ${LARGEST_GRID}`,
      where: "/data/factors",
      remedy: `Give the factors fewer values.`,
    });
  }
  checkSizes(sizes, grid);
  const labels: FieldSchemas = Object.fromEntries(
    FACTORS.map((factor) => [
      factor,
      {
        kind: "label",
        shape: [],
        support: "categorical",
        classes: factors[factor],
        ...(factor === "shape" && { names: sprites }),
      },
    ]),
  );
  return {
    fields: { image: { kind: "image", shape: [size, size, 1], support: supportOf(binarize) }, ...labels },
    modeled: "image",
    sizes,
  };
};

export const shapes = defineDataset({
  schema: {
    type: "object",
    title: "shapes with known factors",
    description: "squares, ellipses and hearts that vary in shape, scale, orientation, x and y; each factor is a label",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "shapes" },
      size: { type: "integer", minimum: 16, maximum: 256, default: 64, description: "Height and width in pixels" },
      shapes: {
        type: "array",
        minItems: 1,
        uniqueItems: true,
        items: { enum: SPRITES },
        default: SPRITES,
        description: "Shapes to draw, in the order of the factor's values",
      },
      factors: {
        type: "object",
        additionalProperties: false,
        default: {},
        description: "Number of values of the other factors, evenly spaced",
        properties: {
          scale: values(6, "Scales, from half size to full size"),
          orientation: values(40, "Orientations over a full turn"),
          x: values(32, "Positions along x, from 1/4 to 3/4 of the width"),
          y: values(32, "Positions along y, from 1/4 to 3/4 of the height"),
        },
      },
      binarize: {
        enum: BINARIZE,
        default: "threshold",
        description:
          "Binarization of each pixel's covered fraction. static: sample once; stochastic: sample again in every training step; threshold: 1 if at least 0.5; none: keep gray values",
      },
      seed: seedField("Seed of the sampled combinations and the split, independent of the run's seed"),
      train: { type: "integer", minimum: 1, default: 8000, description: "Number of training examples" },
      validation: {
        type: "integer",
        minimum: 2,
        default: 1000,
        description: "Number of validation examples; they select the checkpoint",
      },
      test: { type: "integer", minimum: 2, default: 1000, description: "Number of test examples" },
    },
  },
  source: "after dSprites (Matthey et al. 2017); rendered by vaelab, not read from its files",
  inspect: ({ size, shapes, factors, binarize, train, validation, test }) =>
    describe({
      size: Number(size),
      sprites: shapes as string[],
      binarize,
      factors: { ...(factors as FactorSizes), shape: (shapes as string[]).length },
      sizes: { train: Number(train), validation: Number(validation), test: Number(test) },
    }),
  create: ({ size, shapes: sprites, factors: others, binarize, seed, train, validation, test }) => {
    const factors: FactorSizes = { ...others, shape: sprites.length };
    const description = describe({ size, sprites, binarize, factors, sizes: { train, validation, test } });
    const gray: Source = {
      width: size * size,
      fill: (row, out, at) => {
        const place = factorsOf(row, factors);
        out.set(drawSprite(sprites[place.shape]!, place, factors, size), at);
      },
    };
    const labels: Sources = Object.fromEntries(
      FACTORS.map((factor) => [
        factor,
        {
          width: 1,
          fill: (row: number, out: Float32Array, at: number) => {
            out[at] = factorsOf(row, factors)[factor];
          },
        },
      ]),
    );
    const { training, evaluation, transform } = prepareGray("image", gray, { binarize, seed });
    const rows = splitRows(gridSize(factors), description.sizes, stream(seed, "data/shapes/split"));
    const sources = { evaluation: { image: evaluation, ...labels }, training: { image: training, ...labels } };
    return {
      ...description,
      sha256: hashOfSplits(transform ? { ...sources.evaluation, gray: training } : sources.evaluation, rows),
      split: (name: SplitName, purpose) => sourceSplit(sources[purpose], rows[name]),
      ...(transform && { transform }),
    };
  },
});
