import { describe, expect, it } from "vitest";
import { dataLines } from "../../src/cli/data-text.js";
import type { DatasetDescription } from "../../src/contracts/index.js";

const sizes = { train: 80, validation: 10, test: 10 };
const label = (names: readonly string[]) =>
  ({ kind: "label", shape: [], support: "categorical", classes: names.length, names }) as const;

describe("the data of a valid spec", () => {
  it("are shown with classes by name and missing labels", () => {
    const data: DatasetDescription = {
      fields: {
        image: { kind: "image", shape: [8, 8, 3], support: "unit" },
        label: label(["2", "10", "a, b", "c\u001b[2J"]),
        factor: { kind: "label", shape: [], support: "categorical", classes: 7 },
      },
      modeled: "image",
      sizes,
      partial: ["label"],
      missing: { label: 12 },
    };
    expect(dataLines(data)).toEqual([
      "  image (modeled)  image of 8 x 8 x 3, unit values",
      '  label  label, 4 classes: 2, 10, "a, b", "c\\u001b[2J"; 12 missing',
      "  factor  label, 7 classes: 0 to 6",
      "  80 examples to train on, 10 for validation, 10 for test",
    ]);
  });

  it("are shown column by column where they are a table", () => {
    const columns = [
      { name: "mass", kind: "numeric", width: 1 },
      { name: "island", kind: "categorical", width: 2, categories: ["Dream", "Skye"] },
    ] as const;
    const x = { kind: "vector", shape: [3], support: "real", columns } as const;
    expect(dataLines({ fields: { x }, modeled: "x", sizes })).toEqual([
      "  x (modeled)  2 columns in 3 elements",
      "    column  kind         values                     missing",
      "    ------  -----------  -------------------------  -------",
      "    mass    numeric",
      "    island  categorical  2 categories: Dream, Skye",
      "  80 examples to train on, 10 for validation, 10 for test",
    ]);
    const summaries: DatasetDescription["columns"] = [
      { name: "", kind: "ignored" },
      { name: "mass", kind: "numeric", missing: 3, range: [2700, 6300.00004] },
      { name: "island", kind: "categorical", missing: 0, categories: 2 },
      { name: "year", kind: "numeric", missing: 0, range: [2007, 2007], constant: true },
      { name: "a;b", kind: "label", missing: 12, categories: 3 },
    ];
    expect(dataLines({ fields: { x }, modeled: "x", sizes, columns: summaries }).slice(1, -1)).toEqual([
      "    column     kind         values                     missing",
      "    ---------  -----------  -------------------------  -------",
      "    (no name)  ignored",
      "    mass       numeric      2700 to 6300                     3",
      "    island     categorical  2 categories: Dream, Skye        0",
      "    year       numeric      constant, 2007                   0",
      '    "a;b"      label        3 classes                       12',
    ]);
  });

  it("are cut where there are many", () => {
    const names = Array.from({ length: 100 }, (_, i) => `c${i}`);
    const columns = names.map((name) => ({ name, kind: "numeric", width: 1 }) as const);
    const x = { kind: "vector", shape: [100], support: "real", columns } as const;
    const lines = dataLines({ fields: { x, label: label(names) }, modeled: "x", sizes });
    expect(lines).toContain("    and 60 more columns");
    expect(lines.at(-2)).toMatch(/^ {2}label {2}label, 100 classes: c0, c1, .*c38, \.\.\., c99$/);
  });
});
