/** Data set of .npy files: images or vectors, optionally with labels and an official test set. */
import type { DataPlace } from "../../contracts/dataset.js";
import { defineDataset } from "../../spec/define.js";
import { arrayDataset, arrayFields, type FilePair, filePair, inspectArrays } from "./array-dataset.js";
import { fileAt } from "./data-file.js";
import { type FileOptions, grayFields, pathField, splitFields } from "./file-dataset.js";
import { unseenArrays } from "./new-arrays.js";
import { readNpy } from "./npy-format.js";

const filesOf = (place: DataPlace, { values, labels, testValues, testLabels }: FileOptions): FilePair =>
  filePair((name) => readNpy(fileAt(place, name)), [values, labels, testValues, testLabels]);

export const npy = defineDataset({
  schema: {
    type: "object",
    title: "NumPy arrays, one per file",
    description:
      "examples in .npy files, optionally gzipped: [n, columns], [n, height, width] or [n, height, width, channels]; large files are read in place",
    required: ["type", "values"],
    additionalProperties: false,
    properties: {
      type: { const: "npy" },
      values: pathField("Examples"),
      labels: pathField("Labels, one per example"),
      testValues: pathField("Official test set; the test split is drawn only from it"),
      testLabels: pathField("Labels of the test set, one per example"),
      ...arrayFields,
      ...grayFields,
      ...splitFields,
    },
  },
  source: "numpy.lib.format",
  unseen: unseenArrays,
  inspect: (fields, place) => inspectArrays(filesOf(place, fields), fields).description,
  create: (fields, context) => arrayDataset("npy", filesOf(context, fields), fields, context),
});
