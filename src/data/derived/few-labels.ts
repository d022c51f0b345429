/**
 * A data set of whose training examples only a few have their label: so many of each category, chosen at random by a seed of
 * their own, the rest masked (and read as 0, so that nothing can leak). Validation has none either, unless asked for, for who has
 * few labels has few to choose checkpoints by; test has all of them, to be scored.
 */
import { type Dataset, SPLITS, type Split } from "../../contracts/dataset.js";
import type { ResolvedFields } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import { permutation, stream } from "../../numerics/streams.js";
import { defineDataset } from "../../spec/define.js";
import { sha256Bytes } from "../../storage/files.js";
import type { FieldSchemas } from "../../tensor/fields.js";

const assertLabel = (fields: FieldSchemas, on: string): number => {
  const field = Object.hasOwn(fields, on) ? fields[on] : undefined;
  if (field?.support === "categorical" && field.shape.length === 0 && field.classes) return field.classes;
  const labels = Object.keys(fields).filter((name) => fields[name]!.support === "categorical" && fields[name]!.classes);
  throw new VaelabError("SPEC_COMBINATION", {
    message: `${field ? `"${on}" is no label` : `there is no field "${on}"`}: a label is one category an example`,
    where: "/data/on",
    remedy: `Labels of these data: ${labels.join(", ") || "none"}`,
  });
};

/** Rows of the training split, `perClass` of each category. */
const chosen = (split: Split, on: string, classes: number, perClass: number, seed: number): Int32Array => {
  const left = Array.from({ length: classes }, () => perClass);
  const rows: number[] = [];
  for (const row of permutation(split.size, stream(seed, "data/few-labels"))) {
    const label = split.read([row])[on]![0]!;
    if (left[label]! <= 0) continue;
    left[label]!--;
    rows.push(row);
  }
  const short = left.findIndex((count) => count > 0);
  if (short < 0) return Int32Array.from(rows).sort();
  throw new VaelabError("SPEC_COMBINATION", {
    message: `the training split has ${perClass - left[short]!} examples of the category ${short}, not ${perClass}`,
    where: "/data/perClass",
    remedy: "Ask for fewer.",
  });
};

export const fewLabels = defineDataset({
  schema: {
    type: "object",
    title: "a data set with few labels",
    description: "Hides the label of all but a few training examples, as many of each category.",
    required: ["type", "of"],
    additionalProperties: false,
    properties: {
      type: { const: "few-labels" },
      of: { type: "object", component: "dataset", description: "the data set whose labels are hidden" },
      on: { type: "string", default: "label", description: "the label" },
      perClass: {
        type: "integer",
        minimum: 1,
        default: 10,
        description: "training examples of each category that keep it",
      },
      seed: {
        type: "integer",
        minimum: 0,
        maximum: 4294967295,
        default: 0,
        description: "chooses which keep their label; the run's seed and the data's own do not",
      },
      keep: {
        enum: ["all", "labeled"],
        default: "all",
        description:
          "training examples: all, or the labeled ones alone, as for a classifier that learns from nothing else",
      },
      validationLabels: {
        type: "boolean",
        default: false,
        description: "whether validation examples keep their labels",
      },
    },
  },
  source: "Kingma et al. 2014, section 4: a balanced labeled subset, chosen at random",
  inspect: ({ of, on, perClass, keep, validationLabels }, { inspect }) => {
    if (!inspect) throw new VaelabError("CONTRACT", { message: "few-labels was inspected without what it is made of" });
    const description = inspect(of as ResolvedFields);
    const classes = assertLabel(description.fields, String(on));
    const labeled = classes * Number(perClass);
    if (labeled > description.sizes.train)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `${perClass} of each of ${classes} categories are ${labeled} examples, and training has ${description.sizes.train}`,
        where: "/data/perClass",
        remedy: "Ask for fewer.",
      });
    const train = keep === "labeled" ? labeled : description.sizes.train;
    const partial = keep === "labeled" && validationLabels === true ? [] : [String(on)];
    return {
      ...description,
      sizes: { ...description.sizes, train },
      partial: [...new Set([...(description.partial ?? []), ...partial])],
    };
  },
  create: ({ of, on, perClass, seed, keep, validationLabels }): Dataset => {
    const classes = assertLabel(of.fields, on);
    const labeled = chosen(of.split("train", "evaluation"), on, classes, perClass, seed);
    const isLabeled = new Uint8Array(of.sizes.train);
    for (const row of labeled) isLabeled[row] = 1;

    const only = (split: Split): Split => {
      const rowsOf = (rows: ArrayLike<number>): Int32Array => Int32Array.from(rows, (row) => labeled[row]!);
      const { observed } = split;
      return {
        ...split,
        size: labeled.length,
        read: (rows) => split.read(rowsOf(rows)),
        ...(observed && { observed: (rows) => observed(rowsOf(rows)) }),
      };
    };
    const masked = (split: Split, keeps: (row: number) => boolean): Split => ({
      ...split,
      read: (rows) => {
        const columns = split.read(rows);
        return { ...columns, [on]: columns[on]!.map((label, i) => (keeps(rows[i]!) ? label : 0)) };
      },
      observed: (rows) => {
        const others = split.observed?.(rows);
        const mask = Float32Array.from({ length: rows.length }, (_, i) =>
          Number(keeps(rows[i]!) && (others?.[on]?.[i] ?? 1)),
        );
        return { ...others, [on]: mask };
      },
    });
    const description = JSON.stringify({ of: of.sha256, on, keep, validationLabels, splits: SPLITS });
    const partial = keep === "labeled" && validationLabels ? [] : [on];
    return {
      fields: of.fields,
      modeled: of.modeled,
      sizes: { ...of.sizes, train: keep === "labeled" ? labeled.length : of.sizes.train },
      partial: [...new Set([...(of.partial ?? []), ...partial])],
      sha256: sha256Bytes(Buffer.concat([Buffer.from(description), Buffer.from(labeled.buffer)])),
      split: (name, purpose) => {
        const split = of.split(name, purpose);
        if (name === "train") return keep === "labeled" ? only(split) : masked(split, (row) => isLabeled[row] === 1);
        return name === "test" || validationLabels ? split : masked(split, () => false);
      },
      ...(of.preparation !== undefined && { preparation: of.preparation }),
      ...(of.transform && { transform: of.transform.bind(of) }),
    };
  },
});
