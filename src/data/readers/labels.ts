/** Class labels in files: one natural number an example. */
import type { FieldSchema } from "../../tensor/fields.js";
import type { Source } from "../split.js";
import { type ArrayFile, arraySource } from "./arrays.js";
import { damaged } from "./data-file.js";

/** More are taken for something else than classes. */
const MOST_CLASSES = 65_536;

export interface Labels {
  field: FieldSchema;
  source: Source;
}

/**
 * Reads all of them: there is one an example.
 * @param files one after the other, of the examples given
 */
export const readLabels = (
  files: readonly { labels: ArrayFile; examples: { name: string; count: number } }[],
): Labels => {
  const all = files.map(({ labels, examples }) => {
    const { name, shape, type } = labels;
    const count = shape[0]!;
    const flat = shape.slice(1).every((size) => size === 1);
    if (!flat) throw damaged(name, `labels are one number an example, and the array is ${shape.join(" x ")}`);
    if (type.kind === "float") throw damaged(name, `labels are integers, and these are ${type.name}`);
    if (count !== examples.count)
      throw damaged(name, `there are ${count} labels, and ${examples.count} examples in ${examples.name}`);
    const source = arraySource(labels, labels.open(), { support: "count" });
    const values = new Float32Array(count);
    for (let row = 0; row < count; row++) {
      source.fill(row, values, row);
      if (values[row]! >= MOST_CLASSES) {
        const remedy = `Number the classes from 0 on; at most ${MOST_CLASSES} are read.`;
        throw damaged(`${name} row ${row}`, `the label ${values[row]} is too large`, { remedy });
      }
    }
    return values;
  });
  let most = 0;
  for (const values of all) for (const value of values) most = Math.max(most, value);
  return {
    field: labelField(most + 1),
    source: joined(
      all.map((values) => labelSource(values)),
      all.map(({ length }) => length),
    ),
  };
};

export const labelField = (classes: number, names?: readonly string[]): FieldSchema => ({
  kind: "label",
  shape: [],
  support: "categorical",
  classes,
  ...(names && { names }),
});

export const labelSource = (values: ArrayLike<number>): Source => ({
  width: 1,
  fill: (row, out, at) => {
    out[at] = values[row]!;
  },
});

/** Examples of several files, one file after the other. */
export const joined = (sources: readonly Source[], counts: readonly number[]): Source => {
  const [first] = sources;
  return {
    width: first!.width,
    fill: (row, out, at) => {
      let file = 0;
      let rest = row;
      while (rest >= counts[file]!) rest -= counts[file++]!;
      sources[file]!.fill(rest, out, at);
    },
  };
};
