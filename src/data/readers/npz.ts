/** Data set of named arrays in an .npz archive, such as Keras's mnist.npz: examples, labels and the official test set. */

import type { DataPlace } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { defineDataset } from "../../spec/define.js";
import { arrayDataset, arrayFields, type FilePair, filePair, inspectArrays } from "./array-dataset.js";
import { fileAt } from "./data-file.js";
import { type FileOptions, grayFields, pathField, splitFields } from "./file-dataset.js";
import { unseenArrays } from "./new-arrays.js";
import { openNpz } from "./npy-format.js";

const arrayName = (description: string) => ({ type: "string", minLength: 1, description }) as const;

const arraysOf = (place: DataPlace, { file, values, labels, testValues, testLabels }: FileOptions): FilePair => {
  const archive = openNpz(fileAt(place, String(file)));
  if (values === undefined && archive.names.length !== 1) {
    throw new VaelabError("SPEC_INVALID", {
      message: `the archive ${String(file)} holds ${archive.names.length} arrays, so the examples need a name`,
      where: "/data/values",
      remedy: `Set "values" to one of: ${archive.names.join(", ")}.`,
    });
  }
  return filePair(archive.array, [values ?? archive.names[0], labels, testValues, testLabels]);
};

export const npz = defineDataset({
  schema: {
    type: "object",
    title: "NumPy arrays in an archive",
    description:
      "examples in an .npz: [n, columns], [n, height, width] or [n, height, width, channels]; read into memory",
    required: ["type", "file"],
    additionalProperties: false,
    properties: {
      type: { const: "npz" },
      file: pathField("Archive"),
      values: arrayName("Name of the array of examples. Default: the only array"),
      labels: arrayName("Name of the array of labels, one per example"),
      testValues: arrayName("Name of the array of the official test set; the test split is drawn only from it"),
      testLabels: arrayName("Name of the array of labels of the test set"),
      ...arrayFields,
      ...grayFields,
      ...splitFields,
    },
  },
  source: "numpy.savez",
  unseen: unseenArrays,
  inspect: (fields, place) => inspectArrays(arraysOf(place, fields), fields).description,
  create: (fields, context) => arrayDataset("npz", arraysOf(context, fields), fields, context),
});
