/** Writes pictures: samples as draws and as means, reconstructions, interpolations, and a 2-D projection of the codes. */
import { join } from "node:path";
import type { SplitName } from "../../contracts/dataset.js";
import { principalComponents } from "../../numerics/principal-components.js";
import { makeFolder, writeFileAtomically } from "../../storage/files.js";
import { writeVersioned } from "../../storage/format.js";
import { CONDITIONS, SAMPLE_FILES, type SampleLayout } from "../../storage/layout.js";
import { writeNpz } from "../../storage/npz.js";
import { sizeOf } from "../../tensor/fields.js";
import { rowsFrom } from "../training/batches.js";
import { decorations } from "./decorations.js";
import { displayRange } from "./display-range.js";
import type { Trained } from "./evaluation-program.js";
import { conditionsOfRows, decodeCodes, type EncodedRows, encodeRows } from "./generation.js";
import { drawnChannels, gridPng } from "./image-grid.js";
import { maskedLabelArrays } from "./label-arrays.js";
import { labelsOfSplit } from "./labels-of-split.js";
import { writeSamplePictures } from "./sample-pictures.js";
import type { NamedSampler } from "./sampler-sets.js";
import { pathBetween } from "./walks.js";

const COLUMNS = 16;
const PATHS = 8;
const PATH_STEPS = 10;

/** From row 2i to row 2i + 1. */
const pathsOf = ({ model }: Trained, codes: Float32Array, dimensions: number, paths: number): Float32Array => {
  const rowOf = (row: number): Float32Array => codes.subarray(row * dimensions, (row + 1) * dimensions);
  const all = new Float32Array(paths * PATH_STEPS * dimensions);
  for (let path = 0; path < paths; path++)
    all.set(
      pathBetween(model, rowOf(2 * path), rowOf(2 * path + 1), PATH_STEPS, "straight"),
      path * PATH_STEPS * dimensions,
    );
  return all;
};

/** Alternating rows of originals and reconstructions. */
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
  trained: Trained,
  split: SplitName,
  path: string,
  { codes, dimensions, categories }: EncodedRows,
): void => {
  const { dataset, model } = trained;
  const count = codes.length / dimensions;
  const conditions = Object.entries(conditionsOfRows(trained, split, rowsFrom(0, count)));
  const [label] = Object.entries(labelsOfSplit(dataset, split));
  const notFinite = codes.filter((value) => !Number.isFinite(value)).length;
  if (notFinite > 0) throw new Error(`${notFinite} of ${codes.length} values of the codes are not finite`);
  const { projection } = principalComponents(codes, dimensions, Math.min(2, dimensions));
  writeNpz(path, {
    codes: { shape: [count, dimensions], data: codes },
    projection: { shape: [count, projection.length / count], data: projection },
    ...(categories && {
      categories: { shape: [count, categories.length / count], data: Int32Array.from(categories) },
    }),
    ...(label && maskedLabelArrays("label", dataset.fields[label[0]]!, label[1])),
    ...Object.fromEntries(
      conditions.map(([name, data]) => [CONDITIONS + name, { shape: [count, ...model.fields[name]!.shape], data }]),
    ),
  });
};

interface Drawing {
  trained: Trained;
  split: SplitName;
  codes: Float32Array;
  dimensions: number;
  image(values: Float32Array, columns: number): Uint8Array;
}

const reconstructions = async ({ trained, split, codes, dimensions, image }: Drawing): Promise<Uint8Array> => {
  const { dataset } = trained;
  const size = dataset.sizes[split];
  const columns = Math.min(COLUMNS, size);
  const pairs = Math.min(2 * COLUMNS, size - (size % columns));
  const rows = rowsFrom(0, pairs);
  const originals = dataset.split(split, "evaluation").read(rows)[dataset.modeled]!;
  const conditions = conditionsOfRows(trained, split, rows);
  const decoded = await decodeCodes(trained, codes.slice(0, pairs * dimensions), pairs, conditions);
  return image(paired(originals, decoded, sizeOf(dataset.fields[dataset.modeled]!.shape), columns), columns);
};

const interpolations = async ({ trained, split, codes, dimensions, image }: Drawing): Promise<Uint8Array> => {
  const paths = Math.min(PATHS, Math.floor(trained.dataset.sizes[split] / 2));
  const steps = paths * PATH_STEPS;
  // A path keeps the condition of its first example.
  const firsts = Int32Array.from({ length: steps }, (_, i) => 2 * Math.floor(i / PATH_STEPS));
  const conditions = conditionsOfRows(trained, split, firsts);
  return image(await decodeCodes(trained, pathsOf(trained, codes, dimensions, paths), steps, conditions), PATH_STEPS);
};

/**
 * Writes the pictures, and the codes in two dimensions, under samples/. A picture that fails does not fail the run: the
 * layout records the reason.
 */
export const writePictures = async (
  trained: Trained,
  scored: NonNullable<SampleLayout["codes"]>,
  samplers: readonly NamedSampler[],
  folder: string,
  warn: (message: string) => void,
): Promise<void> => {
  makeFolder(folder);
  const { split } = scored;
  const { dataset } = trained;
  const { kind, shape } = dataset.fields[dataset.modeled]!;
  const [height, width, channels] = shape;
  const made = decorations(warn);
  let encoding: ReturnType<typeof encodeRows> | undefined;
  const encoded = () => (encoding ??= encodeRows(trained, split, rowsFrom(0, dataset.sizes[split])));
  const areCodesKept = await made.attempt([SAMPLE_FILES.latents], async () => {
    writeLatents(trained, split, join(folder, SAMPLE_FILES.latents), await encoded());
  });
  const writeLayout = (layout: SampleLayout): void => {
    const all = {
      ...layout,
      ...(areCodesKept && { codes: scored }),
      ...(made.failed.length > 0 && { notDrawn: made.failed }),
    };
    writeVersioned(join(folder, SAMPLE_FILES.layout), all);
  };
  if (kind !== "image" || !height || !width || !channels) {
    writeLayout({ samplers: [], images: false });
    return;
  }

  const image: Drawing["image"] = (data, columns) =>
    gridPng({ data, range: displayRange(dataset), height, width, channels }, columns);
  const samples = await writeSamplePictures(trained, samplers, folder, image, made);
  for (const [file, draw] of [
    [SAMPLE_FILES.reconstructions, reconstructions],
    [SAMPLE_FILES.interpolations, interpolations],
  ] as const)
    await made.attempt([file], async () => {
      writeFileAtomically(join(folder, file), await draw({ trained, split, image, ...(await encoded()) }));
    });
  const drawn = drawnChannels(channels);
  writeLayout({ ...samples, ...(drawn !== channels && { channels: { drawn, of: channels } }) });
};
