/** Writes examples of the modeled field: as a picture if they are images, as arrays otherwise or on request. */
import { extname, resolve } from "node:path";
import type { DatasetDescription } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { makeFolder, writeFileAtomically } from "../../storage/files.js";
import { inside } from "../../storage/inside.js";
import { RUN_FILES } from "../../storage/layout.js";
import { encodeNpz, type NumpyArrays } from "../../storage/npz.js";
import { sizeOf } from "../../tensor/fields.js";
import { displayRange } from "../evaluation/display-range.js";
import type { Trained } from "../evaluation/evaluation-program.js";
import type { HostFields } from "../evaluation/generation.js";
import { gridPng } from "../evaluation/image-grid.js";
import { maskedLabelArrays } from "../evaluation/label-arrays.js";

/** @throws USAGE for outputs that cannot be written, before anything is computed. */
export const assertWritable = (out: string | undefined): void => {
  if (out !== undefined && !["", ".png", ".npz"].includes(extname(out)))
    throw new VaelabError("USAGE", {
      message: `"${out}" ends in ${extname(out)}`,
      remedy: "Write a picture to a .png, or arrays to an .npz.",
    });
};

/** A file of a run's samples/; what a user wrote may be part of its name. @throws RUN_FOLDER where samples/ leads elsewhere */
export const sampleFile = (run: string, name: string): string =>
  inside(run, `${RUN_FILES.samples}/${name.replaceAll(/[^\p{L}\p{N}_.=+-]+/gu, "_")}`);

/** Maximum number of values, a gigabyte of float32, because all rows are computed before they are written. */
const MOST_VALUES = 2 ** 28;

/** @throws USAGE before anything is computed. */
export const assertFits = ({ dataset }: Trained, count: number): void => {
  const size = sizeOf(dataset.fields[dataset.modeled]!.shape);
  const most = Math.floor(MOST_VALUES / size);
  if (count > most)
    throw new VaelabError("USAGE", {
      message: `${count} rows of ${size} values exceed the size of one file`,
      remedy: `Ask for at most ${most}.`,
    });
};

/** Fields beside the modeled one: labels as codes with the names of their classes, others as they are. */
const besideArrays = ({ fields }: DatasetDescription, beside: HostFields, count: number): NumpyArrays =>
  Object.fromEntries(
    Object.entries(beside).flatMap(([name, values]) => {
      const field = fields[name]!;
      const arrays: NumpyArrays =
        field.support === "categorical" && field.shape.length === 0
          ? maskedLabelArrays(name, field, Int32Array.from(values))
          : { [name]: { shape: [count, ...field.shape], data: values } };
      return Object.entries(arrays);
    }),
  );

/**
 * `count` rows at `path`, whose ending decides; PNG for images and .npz for the rest where it has none.
 * @param options `beside`: what the rows were conditioned on, and other outputs: a picture leaves them out
 * @returns the file's path
 */
export const writeRows = (
  { dataset }: Trained,
  path: string,
  data: Float32Array,
  { count, columns, beside = {} }: { count: number; columns: number; beside?: HostFields },
): string => {
  const { shape, kind } = dataset.fields[dataset.modeled]!;
  const [height, width, channels] = shape;
  const isImage = kind === "image" && height && width && channels;
  const stem = resolve(path).replace(/\.(png|npz)$/, "");
  const picture = isImage && !path.endsWith(".npz");
  const file = `${stem}.${picture ? "png" : "npz"}`;
  makeFolder(resolve(file, ".."));
  const bytes = picture
    ? gridPng({ data, range: displayRange(dataset), height, width, channels }, columns)
    : encodeNpz({
        ...besideArrays(dataset, beside, count),
        [dataset.modeled]: { shape: [count, ...shape], data },
      });
  writeFileAtomically(file, bytes);
  return file;
};
