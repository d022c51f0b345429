/** What packaged data sets of idx files share: the fields of `idx` without file names and file formats, and their reading. */
import { basename } from "node:path";
import type { DataPackage, DataPlace, Dataset, DatasetContext, DatasetDescription } from "../../contracts/dataset.js";
import { arrayDataset, type FilePair, filePair, inspectArrays } from "../readers/array-dataset.js";
import { fileAt } from "../readers/data-file.js";
import { type FileOptions, grayFields, splitFields } from "../readers/file-dataset.js";
import { readIdx } from "../readers/idx-format.js";

export const packagedFields = { ...grayFields, ...splitFields } as const;

export interface PackagedIdx {
  /** Name of the data set. */
  type: string;
  /** Its files: training images and labels, then test images and labels. */
  package: DataPackage;
  /** Names of the labels 0, 1, ...; by default a label is its own name. */
  classNames?: readonly string[];
}

const filesOf = ({ package: { files } }: PackagedIdx, place: DataPlace): FilePair =>
  filePair(
    (name) => readIdx(fileAt(place, name)),
    Object.keys(files).map((path) => basename(path)),
  );

/** @param place folder of the package. @throws DATA if a file is damaged */
export const inspectPackaged = (packaged: PackagedIdx, fields: FileOptions, place: DataPlace): DatasetDescription =>
  inspectArrays(filesOf(packaged, place), fields, packaged.classNames).description;

/** @param context with the folder of the package. @throws DATA if a file is damaged */
export const packagedDataset = (
  packaged: PackagedIdx,
  fields: Parameters<typeof arrayDataset>[2],
  context: DatasetContext,
): Dataset => arrayDataset(packaged.type, filesOf(packaged, context), fields, context, packaged.classNames);
