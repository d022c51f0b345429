/** Data set of idx files: images or vectors, optionally with labels and an official test set. */
import type { DataPlace } from "../../contracts/dataset.js";
import { defineDataset } from "../../spec/define.js";
import { arrayDataset, type FilePair, filePair, inspectArrays, scaleField } from "./array-dataset.js";
import { channelsField } from "./array-layout.js";
import { fileAt } from "./data-file.js";
import { type FileOptions, grayFields, pathField, splitFields } from "./file-dataset.js";
import { readIdx } from "./idx-format.js";
import { missingLabelsField } from "./labels.js";
import { unseenArrays } from "./new-arrays.js";

const filesOf = (place: DataPlace, { images, labels, testImages, testLabels }: FileOptions): FilePair =>
  filePair((name) => readIdx(fileAt(place, name)), [images, labels, testImages, testLabels]);

export const idx = defineDataset({
  schema: {
    type: "object",
    title: "idx files",
    description: "examples in the file format of MNIST, optionally gzipped; large files are read in place",
    required: ["type", "images"],
    additionalProperties: false,
    properties: {
      type: { const: "idx" },
      images: pathField("Images, as an array of examples x height x width"),
      labels: pathField("Labels, one per example"),
      testImages: pathField("Official test set; the test split is drawn only from it"),
      testLabels: pathField("Labels of the test set, one per example"),
      channels: channelsField,
      scale: scaleField,
      missingLabels: missingLabelsField,
      ...grayFields,
      ...splitFields,
    },
  },
  source: "LeCun, Cortes & Burges 1998, THE MNIST DATABASE: file formats",
  unseen: unseenArrays,
  inspect: (fields, place) => inspectArrays(filesOf(place, fields), fields).description,
  create: (fields, context) => arrayDataset("idx", filesOf(context, fields), fields, context),
});
