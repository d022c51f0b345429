/** What a data set hands out, held against what it says of itself: for authors of data sets. */

import type { Dataset, Split, SplitName } from "../../contracts/dataset.js";
import { SPLITS } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { sizeOf } from "../../tensor/fields.js";

const contract = (type: string, message: string, remedy: string): VaelabError =>
  new VaelabError("CONTRACT", { where: `data "${type}"`, message, remedy });

/** The first row of each split has all fields, in their sizes. @throws CONTRACT */
export const assertFields = (dataset: Dataset, type: string): void => {
  for (const [field, { kind, classes }] of Object.entries(dataset.fields))
    if (kind === "label" && classes === undefined)
      throw contract(type, `the label "${field}" has no number of classes`, 'Declare it in the field: "classes: 10".');
  for (const name of SPLITS) {
    const split = dataset.split(name, "evaluation");
    const fields = { ...dataset.fields, ...split.fields };
    if (split.size === 0) continue;
    const row = split.read([0]);
    for (const [field, { shape }] of Object.entries(fields)) {
      const values = row[field];
      if (!values)
        throw contract(
          type,
          `the ${name} split reads no field "${field}", which the data set declares`,
          "Return every declared field from `read`.",
        );
      if (values.length !== sizeOf(shape))
        throw contract(
          type,
          `the ${name} split reads ${values.length} values of the field "${field}" for one example, and [${shape}] was declared`,
          "`read` returns the values of all rows asked for, one example after another.",
        );
    }
  }
};

/** Codes of labels that are observed are whole numbers below the number of classes. @throws CONTRACT */
export const assertLabels = (
  { fields }: Dataset,
  { read, observed }: { read: ReturnType<Split["read"]>; observed: () => ReturnType<Split["read"]> | undefined },
  { type, split, start }: { type: string; split: SplitName; start: number },
): void => {
  for (const [field, { kind, classes = 0 }] of Object.entries(fields)) {
    if (kind !== "label") continue;
    const isWrong = (code: number): boolean => !Number.isInteger(code) || code < 0 || code >= classes;
    const codes = read[field];
    if (!codes?.some(isWrong)) continue;
    const mask = observed()?.[field];
    const at = codes.findIndex((code, i) => isWrong(code) && mask?.[i] !== 0);
    if (at >= 0)
      throw contract(
        type,
        `the label "${field}" is ${codes[at]} in row ${start + at} of the ${split} split, and has ${classes} classes`,
        `Codes run from 0 to ${classes - 1}; \`observed\` marks rows without one.`,
      );
  }
};
