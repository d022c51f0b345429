/** Which labels are kept: balanced, by a seed of their own, nothing left of the others. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtins } from "../../../src/builtins.js";
import type { Dataset } from "../../../src/contracts/dataset.js";
import { VaelabError } from "../../../src/errors.js";
import { createBuilder } from "../../../src/registry/components/build.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../../src/registry/experiment.js";
import { tiny } from "../../../src/testing/tiny-data.js";
import { folderWith } from "../support/files.js";

const catalogue = createCatalogue([...builtins, tiny]);
const digits = { type: "digits", train: 300, validation: 50, test: 60 };
const load = async (fields: object, seed = 1, of: object = digits) =>
  loadExperimentValue(
    {
      name: "few",
      seed,
      data: { type: "few-labels", of, ...fields },
      model: { latent: 2, encoder: "mlp", likelihood: "gaussian", heads: ["classifier"] },
      training: { batchSize: 2 },
    },
    { catalogue },
  );
const make = async (fields: object, seed?: number, of?: object): Promise<Dataset> => {
  const { spec, folder } = await load(fields, seed, of);
  return (await createBuilder(catalogue)).build("dataset", spec.data, "/data", { dataset: () => ({ folder }) });
};
const refusal = async (fields: object, of?: object): Promise<string> => {
  try {
    await load(fields, 1, of);
    return "";
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    return error.message;
  }
};
const whole = async (): Promise<Dataset> =>
  (await createBuilder(catalogue)).build("dataset", { binarize: "static", seed: 0, ...digits }, "/data", {
    dataset: () => ({ folder: "." }),
  });
const rowsOf = (dataset: Dataset, name: "train" | "validation" | "test") => {
  const split = dataset.split(name, "evaluation");
  const rows = Array.from({ length: split.size }, (_, i) => i);
  const columns: Readonly<Record<string, Float32Array>> = split.read(rows);
  return {
    label: columns.label!,
    image: columns.image!,
    known: split.observed?.(rows).label ?? new Float32Array(split.size).fill(1),
  };
};
const tally = (labels: ArrayLike<number>, keep: (i: number) => boolean): number[] => {
  const counts: number[] = Array(10).fill(0);
  for (let i = 0; i < labels.length; i++) if (keep(i)) counts[labels[i]!]!++;
  return counts;
};

describe("few labels", () => {
  test("as many of each class as asked keep theirs, and those are the data's own", async () => {
    const { label, known, image } = rowsOf(await make({ perClass: 3 }), "train");
    const original = rowsOf(await whole(), "train");
    expect(tally(original.label, (i) => known[i] === 1)).toEqual(Array(10).fill(3));
    expect(known).toHaveLength(300);
    for (let i = 0; i < 300; i++) expect(label[i]).toBe(known[i] === 1 ? original.label[i] : 0);
    expect(image).toEqual(original.image);
  });

  test("validation has none unless asked for, test all", async () => {
    const dataset = await make({});
    expect(rowsOf(dataset, "validation").known.every((mask) => mask === 0)).toBe(true);
    expect(rowsOf(dataset, "validation").label.every((label) => label === 0)).toBe(true);
    expect(rowsOf(dataset, "test").known.every((mask) => mask === 1)).toBe(true);
    expect(rowsOf(dataset, "test").label).toEqual(rowsOf(await whole(), "test").label);
    expect(rowsOf(await make({ validationLabels: true }), "validation").label).toEqual(
      rowsOf(await whole(), "validation").label,
    );
  });

  test("its seed alone chooses: not the run's", async () => {
    const known = async (fields: object, seed?: number) => rowsOf(await make(fields, seed), "train").known;
    expect(await known({ seed: 1 }, 1)).toEqual(await known({ seed: 1 }, 2));
    expect(await known({ seed: 1 })).not.toEqual(await known({ seed: 2 }));
    expect((await make({ seed: 1 })).sha256).not.toBe((await make({ seed: 2 })).sha256);
    expect((await make({ seed: 1 }, 1)).sha256).toBe((await make({ seed: 1 }, 2)).sha256);
  });

  test("`keep: labeled` leaves the same examples and no others", async () => {
    const all = rowsOf(await make({ perClass: 2, seed: 5 }), "train");
    const dataset = await make({ perClass: 2, seed: 5, keep: "labeled" });
    expect(dataset.sizes.train).toBe(20);
    const only = rowsOf(dataset, "train");
    const kept = Array.from(all.known.keys()).filter((i) => all.known[i] === 1);
    expect(Array.from(only.label)).toEqual(kept.map((i) => all.label[i]));
    const width = 784;
    for (const [i, row] of kept.entries())
      expect(only.image.subarray(i * width, (i + 1) * width)).toEqual(
        all.image.subarray(row * width, (row + 1) * width),
      );
  });

  test("refuses a field that is no label, and more than there are, before anything is read", async () => {
    expect(await refusal({ on: "image" })).toMatch(/"image" is not a label.*Labels in the data: label/s);
    expect(await refusal({ on: "digit" })).toMatch(/there is no field "digit"/);
    expect(await refusal({ perClass: 31 })).toMatch(/310, but the training split has 300/);
    expect(await refusal({}, { type: "gaussian" })).toMatch(/there is no field "label".*none/s);
    await expect(make({ perClass: 30 })).rejects.toThrow(
      /labeled examples of the class "\d", not 30\. Set perClass to at most \d+/,
    );
  });

  describe("of labels that are missing in part", () => {
    /** Classes 1 to 3 by row, as EMNIST's letters are counted; every second example of class 2 has none. */
    const letters = (): object => {
      const rows = Array.from({ length: 90 }, (_, i) => `${i},${i % 3 === 1 && i % 2 === 0 ? "" : (i % 3) + 1}`);
      const folder = folderWith({ "x.csv": `value,y\n${rows.join("\n")}\n` });
      return { type: "csv", file: join(folder, "x.csv"), label: "y", validation: 10, test: 10 };
    };
    const known = (dataset: Dataset): number[] => {
      const split = dataset.split("train", "evaluation");
      const rows = Array.from({ length: split.size }, (_, i) => i);
      const { label } = split.read(rows);
      const mask = split.observed?.(rows).label;
      return rows.flatMap((row) => ((mask?.[row] ?? 1) > 0.5 ? [label![row]!] : []));
    };

    test("keeps as many as asked of every class, and no example without a label", async () => {
      const counts = [0, 0, 0];
      for (const label of known(await make({ perClass: 10 }, 1, letters()))) counts[label]!++;
      expect(counts).toEqual([10, 10, 10]);
      const dataset = await make({ perClass: 10, keep: "labeled" }, 1, letters());
      expect(dataset.sizes.train).toBe(30);
      expect(known(dataset)).toHaveLength(30);
    });

    test("says which class has too few, by its name, and how many there are", async () => {
      await expect(make({ perClass: 16 }, 1, letters())).rejects.toThrow(
        /labeled examples of the class "2", not 16\. Set perClass to at most 1[0-5]/,
      );
    });

    test("a class that the training split lacks asks for nothing", async () => {
      const rows = Array.from({ length: 60 }, (_, i) => `${i},${i === 59 ? "rare" : ["a", "b"][i % 2]}`);
      const folder = folderWith({ "x.csv": `value,y\n${rows.join("\n")}\n` });
      const of = { type: "csv", file: join(folder, "x.csv"), label: "y", validation: 10, test: 10 };
      const seeds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
      const found = await Promise.all(
        seeds.map((seed) => make({ perClass: 1 }, 1, { ...of, seed }).then((dataset) => known(dataset).sort())),
      );
      // In a third of the splits, its one example is held out.
      expect(new Set(found.map(String))).toEqual(new Set(["0,1", "0,1,2"]));
    });

    test("of few labels keeps labels of those", async () => {
      const inner = { type: "few-labels", of: letters(), perClass: 5, seed: 1 };
      expect(known(await make({ perClass: 5 }, 1, inner))).toHaveLength(15);
      await expect(make({ perClass: 6 }, 1, inner)).rejects.toThrow(/5 labeled examples of the class "1", not 6/);
    });
  });
});
