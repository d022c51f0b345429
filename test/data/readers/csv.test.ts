import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../../../src/contracts/dataset.js";
import { csv } from "../../../src/data/readers/csv.js";
import { errorOf } from "../../support/error-of.js";
import { create, EXPECTED, FIXTURES, folderWith, inspect, readAll, rowsOf } from "../support/files.js";

const penguins = { type: "csv", file: "penguins.csv", label: "species", columns: { id: "ignored" } };
/** The columns' places in the vector: the island's three categories stand between. */
const [MASS, BILL, ISLAND, SEX, EGGS, WIDTH] = [0, 1, 2, 5, 6, 7];
const ISLANDS = ["Biscoe", "Dream", "Ünst\nnorth"];
const SPECIES = ["adelie", "chin, strap", 'gen"too'];

type Row = { x: Float32Array; mask: Float32Array; label: number };
/** Every example by what identifies it: its bill, which no other has. */
const examplesOf = (dataset: Dataset): Row[] =>
  (["train", "validation", "test"] as const).flatMap((name) => {
    const { x, label } = readAll(dataset, name);
    const masks = dataset.split(name, "evaluation").observed!(rowsOf(dataset.sizes[name]));
    return rowsOf(dataset.sizes[name]).map((i) => ({
      x: x!.subarray(i * WIDTH, (i + 1) * WIDTH),
      mask: masks.x!.subarray(i * WIDTH, (i + 1) * WIDTH),
      label: label![i]!,
    }));
  });
type Moments = { columns: Record<string, { mean: number; deviation: number }> };

describe("csv", () => {
  it("says what its columns are, as inferred and as declared", () => {
    const { fields, sizes, modeled } = inspect(csv, penguins);
    expect(modeled).toBe("x");
    expect(sizes).toEqual({ train: 80, validation: 10, test: 10 });
    expect(fields).toEqual({
      x: {
        kind: "vector",
        shape: [WIDTH],
        support: "real",
        columns: [
          { name: "mass (g)", kind: "numeric", width: 1 },
          { name: "bill", kind: "numeric", width: 1 },
          { name: "island", kind: "categorical", width: 3, categories: ISLANDS },
          { name: "sex", kind: "binary", width: 1 },
          { name: "eggs", kind: "numeric", width: 1 },
        ],
      },
      label: { kind: "label", shape: [], support: "categorical", classes: 3, names: SPECIES },
    });
    const only = (columns: object) =>
      inspect(csv, { ...penguins, columns: { ...ignoredAll, ...columns } } as never).fields.x;
    const ignoredAll = Object.fromEntries(
      ["mass (g)", "bill", "island", "sex", "eggs", "id"].map((name) => [name, "ignored"]),
    );
    expect(only({ eggs: "count" })).toMatchObject({ support: "count", shape: [1] });
    expect(only({ sex: "binary", island: "categorical" })).toMatchObject({ support: "binary", shape: [4] });
    expect(only({ eggs: "categorical" })).toMatchObject({
      shape: [4],
      columns: [{ categories: ["0", "1", "2", "3"] }],
    });
  });

  it("holds every row as Python's csv wrote it, standardized by the training split alone", async () => {
    const dataset = await create(csv, penguins);
    const { columns } = dataset.preparation as Moments;
    expect(Object.keys(columns)).toEqual(["mass (g)", "bill", "eggs"]);
    // The split's own values have mean 0 and variance 1 where they are there.
    const train = examplesOf(dataset).slice(0, 80);
    for (const place of [MASS, BILL, EGGS]) {
      const there = train.filter(({ mask }) => mask[place] === 1).map(({ x }) => x[place]!);
      const mean = there.reduce((a, b) => a + b) / there.length;
      expect(Math.abs(mean)).toBeLessThan(1e-6);
      expect(Math.abs(there.reduce((a, b) => a + b * b, 0) / there.length - 1)).toBeLessThan(1e-5);
    }
    const back = (name: string, value: number): number => value * columns[name]!.deviation + columns[name]!.mean;
    const left = [...EXPECTED.penguins.rows];
    for (const { x, mask, label } of examplesOf(dataset)) {
      const at = left.findIndex((row) => Math.abs(Number(row.bill) - back("bill", x[BILL]!)) < 1e-9);
      const [row] = left.splice(at, 1);
      expect(at).toBeGreaterThanOrEqual(0);
      const mass = row!["mass (g)"]!;
      expect(mask[MASS]).toBe(mass === "" ? 0 : 1);
      if (mass === "") expect(x[MASS]).toBe(0);
      else expect(Math.abs(back("mass (g)", x[MASS]!) - Number(mass))).toBeLessThan(1e-3);
      const island = row!.island!;
      expect(Array.from(x.subarray(ISLAND, SEX))).toEqual(ISLANDS.map((name) => (name === island ? 1 : 0)));
      expect(Array.from(mask.subarray(ISLAND, SEX))).toEqual(island === "NA" ? [0, 0, 0] : [1, 1, 1]);
      expect(x[SEX]).toBe(Number(row!.sex));
      expect(Math.abs(back("eggs", x[EGGS]!) - Number(row!.eggs))).toBeLessThan(1e-6);
      expect(SPECIES[label]).toBe(row!.species);
    }
    expect(left).toEqual([]);
  });

  it("takes the mean and deviation that a run kept, not those of the file", async () => {
    const kept = {
      columns: Object.fromEntries(["mass (g)", "bill", "eggs"].map((name) => [name, { mean: 1, deviation: 2 }])),
    };
    const [own, given] = [await create(csv, penguins), await create(csv, penguins, FIXTURES, kept)];
    const { columns } = own.preparation as Moments;
    const [a, b] = [readAll(own, "test").x!, readAll(given, "test").x!];
    for (const row of rowsOf(10)) {
      const raw = a[row * WIDTH + EGGS]! * columns.eggs!.deviation + columns.eggs!.mean;
      expect(b[row * WIDTH + EGGS]).toBeCloseTo((raw - 1) / 2, 5);
    }
    expect(given.preparation).toMatchObject(kept);
    expect(given.sha256).not.toBe(own.sha256);
    await expect(create(csv, penguins, FIXTURES, { columns: {} })).rejects.toThrow(
      'no mean and standard deviation for the column "mass (g)"',
    );
  });

  it("reads other delimiters, line ends and a byte order mark, and no masks where nothing is missing", async () => {
    const rows = rowsOf(30).map((row) => `${row};${row % 2};a${row % 3}`);
    const folder = folderWith({
      "a.csv": `\ufeffu;v;w\r\n${rows.join("\r\n")}\r\n`,
      "b.csv": `u;v;w\n${rows.join("\n")}`,
    });
    const fields = { type: "csv", file: "a.csv", delimiter: ";", label: "w" };
    const [a, b] = [
      await create(csv, fields, folder),
      await create(csv, { ...fields, file: "b.csv" } as never, folder),
    ];
    expect(a.fields.x!.columns).toEqual([
      { name: "u", kind: "numeric", width: 1 },
      { name: "v", kind: "binary", width: 1 },
    ]);
    expect(a.sha256).toBe(b.sha256);
    expect(a.split("train", "training").observed).toBeUndefined();
  });

  it("takes an official test set with the first file's categories", async () => {
    const rows = (from: number, count: number) =>
      rowsOf(count).map((i) => `${from + i},${["p", "q", "r"][(from + i) % 3]}`);
    const folder = folderWith({
      "train.csv": `u,v\n${rows(0, 30).join("\n")}\n`,
      "test.csv": `u,v\n${rows(31, 5).join("\n")}\n`,
    });
    const dataset = await create(
      csv,
      { type: "csv", file: "train.csv", testFile: "test.csv", label: "v" } as never,
      folder,
    );
    expect(dataset.sizes).toEqual({ train: 27, validation: 3, test: 5 });
    const { mean, deviation } = (dataset.preparation as Moments).columns.u!;
    const { x, label } = readAll(dataset, "test");
    expect(Array.from(x!, (value) => Math.round(value * deviation + mean))).toEqual([31, 32, 33, 34, 35]);
    expect(Array.from(label!)).toEqual([1, 2, 0, 1, 2]);
  });

  it("centers a column that is constant up to rounding, and says so", async () => {
    const rows = rowsOf(200).map((i) => {
      const [large, tenth] = [1e6 * (1 + (i % 3) * Number.EPSILON), 0.1];
      return `${i},${large},${tenth},5,${1 + (i % 2) * 1e-9}`;
    });
    const folder = folderWith({ "a.csv": `a,large,tenth,five,fine\n${rows.join("\n")}\n` });
    const warnings: string[] = [];
    const fields = { type: "csv", file: "a.csv" };
    const { columns } = inspect(csv, fields, folder);
    expect(columns!.map(({ constant }) => constant)).toEqual([undefined, true, true, true, undefined]);
    const dataset = await create(csv, fields, folder, undefined, (message) => warnings.push(message));
    expect(warnings).toEqual([
      expect.stringMatching(
        /^the column "large" is constant in the training split \(1000000\): it is centered but not scaled. Declare it "ignored"/,
      ),
      expect.stringContaining('the column "tenth" is constant in the training split (0.1)'),
      expect.stringContaining('the column "five" is constant in the training split (5)'),
    ]);
    for (const name of ["train", "validation", "test"] as const) {
      const { x } = readAll(dataset, name);
      for (const row of rowsOf(dataset.sizes[name])) {
        for (const column of [1, 2, 3]) expect(Math.abs(x![row * 5 + column]!)).toBeLessThan(1e-9);
        expect(Math.abs(x![row * 5 + 4]!)).toBeCloseTo(1, 0);
      }
    }
  });

  it("divides numbers by `scale` in the place of standardizing them", async () => {
    const folder = folderWith({
      "a.csv": `a,b,c\n${rowsOf(100)
        .map((i) => `${i * 2.5},${i % 2},x${i % 3}`)
        .join("\n")}\n`,
    });
    const dataset = await create(csv, { type: "csv", file: "a.csv", scale: 255 } as never, folder);
    expect(dataset.preparation).toEqual({ columns: { a: { mean: 0, deviation: 255 } } });
    const found = (["train", "validation", "test"] as const).flatMap((name) => {
      const { x } = readAll(dataset, name);
      return rowsOf(dataset.sizes[name]).map((row) => Array.from(x!.subarray(row * 5, row * 5 + 5)).join());
    });
    const bits = (i: number): number[] => [0, 1, 2].map((category) => Number(category === i % 3));
    const expected = rowsOf(100).map((i) => [Math.fround((i * 2.5) / 255), i % 2, ...bits(i)].join());
    expect(found.sort()).toEqual(expected.sort());
  });

  it("keeps columns by names that JavaScript has a use of its own for", async () => {
    const folder = folderWith({
      "a.csv": `constructor,__proto__,b\n${rowsOf(60)
        .map((i) => `${i},${i * i},${i % 2}`)
        .join("\n")}\n`,
    });
    const fields = { type: "csv", file: "a.csv" };
    const dataset = await create(csv, fields, folder);
    const kept = JSON.parse(JSON.stringify(dataset.preparation)) as Moments;
    expect(Object.keys(kept.columns)).toEqual(["constructor", "__proto__"]);
    expect((await create(csv, fields, folder, kept)).sha256).toBe(dataset.sha256);
    expect(readAll(dataset, "train").x!.every(Number.isFinite)).toBe(true);
    const other = folderWith({
      "a.csv": `toString,b\n${rowsOf(60)
        .map((i) => `${i},${i % 2}`)
        .join("\n")}\n`,
    });
    await expect(create(csv, fields, other, kept)).rejects.toThrow(
      'no mean and standard deviation for the column "toString"',
    );
  });

  it("says what each column of the file is, with what is missing of it", () => {
    expect(inspect(csv, penguins).columns).toEqual([
      expect.objectContaining({ name: "mass (g)", kind: "numeric" }),
      expect.objectContaining({ name: "bill", kind: "numeric", missing: 0 }),
      expect.objectContaining({ name: "island", kind: "categorical", categories: 3 }),
      { name: "sex", kind: "binary", missing: 0, range: [0, 1] },
      { name: "eggs", kind: "numeric", missing: 0, range: [0, 3] },
      { name: "id", kind: "ignored" },
      { name: "species", kind: "label", missing: 0, categories: 3 },
    ]);
    const { rows } = EXPECTED.penguins;
    const masses = rows.map((row) => row["mass (g)"]!);
    const [mass, island] = ["mass (g)", "island"].map(
      (name) => inspect(csv, penguins).columns!.find((column) => column.name === name)!,
    );
    expect(mass!.missing).toBe(masses.filter((text) => text === "").length);
    expect(mass!.range).toEqual([
      Math.min(...masses.filter(Boolean).map(Number)),
      Math.max(...masses.filter(Boolean).map(Number)),
    ]);
    expect(island!.missing).toBe(rows.filter((row) => row.island === "NA").length);
  });

  it("is fixed by its seed, and names columns that are not there", async () => {
    const [a, b, other] = [
      await create(csv, penguins),
      await create(csv, penguins),
      await create(csv, { ...penguins, seed: 1 } as never),
    ];
    expect(a.sha256).toBe(b.sha256);
    expect(other.sha256).not.toBe(a.sha256);
    const message = (fields: object) => errorOf(() => inspect(csv, { ...penguins, ...fields } as never)).message;
    expect(message({ label: "specie" })).toContain(
      'penguins.csv has no column "specie". It has: mass (g), bill, island',
    );
    expect(message({ columns: { Mass: "numeric" } })).toContain('penguins.csv has no column "Mass"');
    expect(readFileSync(join(FIXTURES, "penguins.csv"), "utf8")).toContain('"gen""too"');
  });
});
