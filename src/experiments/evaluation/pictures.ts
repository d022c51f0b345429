/** What people look at: samples as draws and as means, reconstructions, interpolations, and the codes in two dimensions. */
import { join } from "node:path";
import type { SplitName } from "../../contracts/dataset.js";
import { principalComponents } from "../../numerics/principal-components.js";
import { makeFolder, writeFileAtomically } from "../../storage/files.js";
import { SAMPLE_FILES } from "../../storage/layout.js";
import { writeNpz } from "../../storage/npz.js";
import { sizeOf } from "../../tensor/fields.js";
import { rowsFrom } from "../training/batches.js";
import { displayRange } from "./display-range.js";
import type { Trained } from "./evaluation-program.js";
import { decodeCodes, encodeRows, givenOfRows } from "./generation.js";
import { gridPng } from "./image-grid.js";
import { maskedLabelArrays } from "./label-arrays.js";
import { labelsOfSplit } from "./labels-of-split.js";
import { writeSampleLayout, writeSamplePictures } from "./sample-pictures.js";
import type { NamedSampler } from "./sampler-sets.js";
import { walkBetween } from "./walks.js";

const PAIRS = 16;
const PATHS = 8;
const PATH_STEPS = 10;

/** Row 2i to row 2i + 1. */
const straightLines = (codes: Float32Array, dimensions: number, paths: number): Float32Array => {
  const posteriorMean = (row: number): Float32Array => codes.subarray(row * dimensions, (row + 1) * dimensions);
  const lines = new Float32Array(paths * PATH_STEPS * dimensions);
  for (let path = 0; path < paths; path++)
    lines.set(
      walkBetween(posteriorMean(2 * path), posteriorMean(2 * path + 1), PATH_STEPS, "straight"),
      path * PATH_STEPS * dimensions,
    );
  return lines;
};

/** Originals above their reconstructions, a row of each in turn. */
const paired = (
  originals: Float32Array,
  reconstructions: Float32Array,
  size: number,
  columns: number,
): Float32Array => {
  const all = new Float32Array(originals.length * 2);
  const rows = originals.length / size / columns;
  for (let row = 0; row < rows; row++) {
    const from = row * columns * size;
    const to = from + columns * size;
    all.set(originals.subarray(from, to), 2 * from);
    all.set(reconstructions.subarray(from, to), 2 * from + columns * size);
  }
  return all;
};

const writeLatents = (
  { dataset }: Trained,
  split: SplitName,
  path: string,
  codes: Float32Array,
  dimensions: number,
): void => {
  const count = codes.length / dimensions;
  const [label] = Object.entries(labelsOfSplit(dataset, split));
  const { projection } = principalComponents(codes, dimensions, Math.min(2, dimensions));
  writeNpz(path, {
    codes: { shape: [count, dimensions], data: codes },
    projection: { shape: [count, projection.length / count], data: projection },
    ...(label && maskedLabelArrays("label", dataset.fields[label[0]]!, label[1])),
  });
};

export const writePictures = async (
  trained: Trained,
  split: SplitName,
  samplers: readonly NamedSampler[],
  folder: string,
): Promise<void> => {
  makeFolder(folder);
  const { dataset } = trained;
  const field = dataset.fields[dataset.modeled]!;
  const size = dataset.sizes[split];
  const { codes, dimensions } = await encodeRows(trained, split, rowsFrom(0, size));
  writeLatents(trained, split, join(folder, SAMPLE_FILES.latents), codes, dimensions);
  const [height, width, channels] = field.shape;
  if (field.kind !== "image" || !height || !width || !channels) {
    writeSampleLayout(folder, { samplers: [], images: false });
    return;
  }

  const range = displayRange(dataset);
  const image = (data: Float32Array, columns: number): Uint8Array =>
    gridPng({ data, range, height, width, channels }, columns);
  const write = (name: string, png: Uint8Array): void => writeFileAtomically(join(folder, name), png);
  await writeSamplePictures(trained, samplers, folder, image);

  const pairs = Math.min(PAIRS * 2, size - (size % PAIRS));
  if (pairs > 0) {
    const originals = dataset.split(split, "evaluation").read(rowsFrom(0, pairs))[dataset.modeled]!;
    const given = givenOfRows(trained, split, rowsFrom(0, pairs));
    const decoded = await decodeCodes(trained, codes.slice(0, pairs * dimensions), pairs, given);
    write(SAMPLE_FILES.reconstructions, image(paired(originals, decoded, sizeOf(field.shape), PAIRS), PAIRS));
  }
  const paths = Math.min(PATHS, Math.floor(size / 2));
  if (paths > 0) {
    const steps = paths * PATH_STEPS;
    // A path keeps the condition that it begins under.
    const begins = Int32Array.from({ length: steps }, (_, i) => 2 * Math.floor(i / PATH_STEPS));
    const given = givenOfRows(trained, split, begins);
    write(
      SAMPLE_FILES.interpolations,
      image(await decodeCodes(trained, straightLines(codes, dimensions, paths), steps, given), PATH_STEPS),
    );
  }
};
