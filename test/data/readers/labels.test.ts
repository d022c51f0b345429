/** Labels as people save them: each distinct label is a class of its own name, in an order that every machine agrees on. */
import { describe, expect, it } from "vitest";
import type { DatasetDescription } from "../../../src/contracts/dataset.js";
import { npy } from "../../../src/data/readers/npy.js";
import { classNames } from "../../../src/tensor/fields.js";
import { errorOf } from "../../support/error-of.js";
import { create, inspect, rowsOf } from "../support/files.js";

const fields = (labels: string, more: object = {}) =>
  ({ type: "npy", values: "labels-values.npy", labels: `labels-${labels}.npy`, ...more }) as never;
const described = (labels: string, more?: object): DatasetDescription => inspect(npy, fields(labels, more));

/** The label of each example by name, undefined where it is masked: row i of the fixture holds 2 i and 2 i + 1. */
const readNames = async (labels: string, more?: object): Promise<(string | undefined)[]> => {
  const dataset = await create(npy, fields(labels, more));
  const found: (string | undefined)[] = [];
  for (const name of ["train", "validation", "test"] as const) {
    const split = dataset.split(name, "evaluation");
    const rows = rowsOf(split.size);
    const { x, label } = split.read(rows);
    const mask = split.observed?.(rows).label;
    const names = classNames(dataset.fields.label!);
    for (const row of rows) found[x![2 * row]! / 2] = mask?.[row] === 0 ? undefined : names[label![row]!];
  }
  return found;
};

const cases = [
  ["letters", ["1", "2", "3", "4"], ["1", "2", "3", "4"]],
  ["gapped", ["30", "2", "10", "7"], ["2", "7", "10", "30"]],
  ["text", ["dog", "cat", "Ente 🦆", "10"], ["10", "Ente 🦆", "cat", "dog"]],
  ["bytes", ["dog", "cat", "émeu", "10"], ["10", "cat", "dog", "émeu"]],
  ["big-text", ["dog", "cat", undefined, "10"], ["10", "cat", "dog"]],
  ["floats", ["0.1", "2.5", "-1.5", undefined], ["-1.5", "0.1", "2.5"]],
  ["signs", ["-1", "1", "1", "1"], ["-1", "1"]],
  ["booleans", ["false", "false", "true", "false"], ["false", "true"]],
] as const;

describe("labels", () => {
  it.each(cases)("of %s are classes by name", async (labels, byKind, names) => {
    const description = described(labels);
    expect(classNames(description.fields.label!)).toEqual(names);
    expect(description.partial).toEqual(byKind.includes(undefined as never) ? ["label"] : undefined);
    expect(await readNames(labels)).toEqual(rowsOf(40).map((row) => byKind[row % 4]));
  });

  it("of -1 beside others need a word on what they mean", async () => {
    const { message } = errorOf(() => described("unlabeled"));
    expect(message).toContain("labels-unlabeled.npy contains the label -1");
    expect(message).toContain('Set "missingLabels": [-1] if it marks unlabeled examples');
    const byKind = ["3", "0", undefined, "1"];
    expect(await readNames("unlabeled", { missingLabels: [-1] })).toEqual(rowsOf(40).map((row) => byKind[row % 4]));
    const asClass = await readNames("unlabeled", { missingLabels: [] });
    expect(asClass[2]).toBe("-1");
    expect(await readNames("text", { missingLabels: ["cat", 10] })).toContain("dog");
    expect(described("text", { missingLabels: ["cat", 10] }).fields.label).toMatchObject({ names: ["Ente 🦆", "dog"] });
  });

  it("that are measurements, or all missing, are no classes", () => {
    const measured = { type: "npy", values: "images.npy", labels: "labels-measured.npy" } as never;
    expect(described("floats").fields.label!.classes).toBe(3);
    expect(errorOf(() => inspect(npy, measured)).message).toContain("120 distinct labels; at most 60 can be classes");
    expect(errorOf(() => described("signs", { missingLabels: [1, -1] })).message).toContain("no example has a label");
  });

  it("keep their names with the run, and refuse to go on under others", async () => {
    const { preparation } = await create(npy, fields("gapped"));
    expect(preparation).toEqual({ classes: { label: ["2", "7", "10", "30"] } });
    await expect(create(npy, fields("gapped"), undefined, preparation)).resolves.toMatchObject({ preparation });
    await expect(create(npy, fields("letters"), undefined, preparation)).rejects.toThrow(
      'the run was trained with the classes 2, 7, 10, 30 of "label", but the data now have 1, 2, 3, 4',
    );
  });
});
