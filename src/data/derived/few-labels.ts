/**
 * A data set of which only `perClass` training examples per class keep their labels, drawn with a separate seed. All other
 * labels are masked and read as 0, so that nothing can leak. Validation labels are masked too by default, because a setting
 * with few labels has few for model selection. Test labels stay, for scoring.
 */
import { type Dataset, SPLITS, type Split } from "../../contracts/dataset.js";
import type { ResolvedFields } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";
import { permutation, stream } from "../../numerics/streams.js";
import { defineDataset } from "../../spec/define.js";
import { sha256Bytes } from "../../storage/files.js";
import { classNames, type FieldSchema, type FieldSchemas } from "../../tensor/fields.js";

const isLabel = ({ support, shape, classes }: FieldSchema): boolean =>
  support === "categorical" && shape.length === 0 && classes !== undefined;

const labelField = (fields: FieldSchemas, on: string): FieldSchema => {
  const field = Object.hasOwn(fields, on) ? fields[on] : undefined;
  if (field && isLabel(field)) return field;
  const labels = Object.keys(fields).filter((name) => isLabel(fields[name]!));
  throw new VaelabError("SPEC_COMBINATION", {
    message: `${field ? `"${on}" is not a label` : `there is no field "${on}"`}: a label is one class per example`,
    where: "/data/on",
    remedy: `Labels in the data: ${labels.join(", ") || "none"}`,
  });
};

/**
 * Rows of the training split: `perClass` of each class that occurs among its labeled examples.
 * @throws SPEC_COMBINATION if a class has fewer
 */
const chosen = (split: Split, on: string, field: FieldSchema, perClass: number, seed: number): Int32Array => {
  const counts = new Map<number, number>();
  const rows: number[] = [];
  for (const row of permutation(split.size, stream(seed, "data/few-labels"))) {
    if ((split.observed?.([row])[on]?.[0] ?? 1) < 0.5) continue;
    const label = split.read([row])[on]![0]!;
    const count = counts.get(label) ?? 0;
    if (count < perClass) rows.push(row);
    counts.set(label, count + 1);
  }
  const least = [...counts.values()].reduce((a, b) => Math.min(a, b), perClass);
  if (counts.size > 0 && least === perClass) return Int32Array.from(rows).sort();
  const short = [...counts].flatMap(([label, count]) => (count === least ? [classNames(field)[label] ?? label] : []));
  throw new VaelabError("SPEC_COMBINATION", {
    message:
      counts.size === 0
        ? `no training example has a known "${on}"`
        : `the training split has ${least} labeled example${least === 1 ? "" : "s"} of the class "${short[0]}", not ${perClass}`,
    where: "/data/perClass",
    remedy: counts.size === 0 ? "Label some of them." : `Set perClass to at most ${least}.`,
  });
};

export const fewLabels = defineDataset({
  schema: {
    type: "object",
    title: "a data set with few labels",
    description: "Keeps the labels of a few training examples, equally many per class, and hides the others.",
    required: ["type", "of"],
    additionalProperties: false,
    properties: {
      type: { const: "few-labels" },
      of: { type: "object", component: "dataset", description: "Data set whose labels are hidden" },
      on: { type: "string", default: "label", description: "Name of the label" },
      perClass: {
        type: "integer",
        minimum: 1,
        default: 10,
        description: "Labeled training examples per class; classes absent from the training split are skipped",
      },
      seed: {
        type: "integer",
        minimum: 0,
        maximum: 4294967295,
        default: 0,
        description: "Seed that chooses the labeled examples, independent of the run's seed and the data's own",
      },
      keep: {
        enum: ["all", "labeled"],
        default: "all",
        description: "all: keep unlabeled training examples; labeled: drop them, as for a purely supervised baseline",
      },
      validationLabels: {
        type: "boolean",
        default: false,
        description: "Keep the labels of validation examples",
      },
    },
  },
  source: "Kingma et al. 2014, section 4: a balanced labeled subset, chosen at random",
  inspect: ({ of, on, perClass, keep, validationLabels }, { inspect }) => {
    if (!inspect) throw new VaelabError("CONTRACT", { message: "few-labels was inspected without its base data set" });
    const description = inspect(of as ResolvedFields);
    const { classes = 0 } = labelField(description.fields, String(on));
    const labeled = classes * Number(perClass);
    if (labeled > description.sizes.train)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `${perClass} examples of each of ${classes} classes make ${labeled}, but the training split has ${description.sizes.train}`,
        where: "/data/perClass",
        remedy: "Ask for fewer.",
      });
    const train = keep === "labeled" ? labeled : description.sizes.train;
    const partial = keep === "labeled" && validationLabels === true ? [] : [String(on)];
    // How many labels remain depends on the split.
    const { [String(on)]: _, ...missing } = description.missing ?? {};
    return {
      ...description,
      sizes: { ...description.sizes, train },
      ...(description.missing && { missing }),
      partial: [...new Set([...(description.partial ?? []), ...partial])],
    };
  },
  create: ({ of, on, perClass, seed, keep, validationLabels }): Dataset => {
    const labeled = chosen(of.split("train", "evaluation"), on, labelField(of.fields, on), perClass, seed);
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
