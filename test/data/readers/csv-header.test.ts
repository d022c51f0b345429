import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { rowsOf } from "../support/files.js";
import { COUNT, described, kinds, real, refusal, table, two } from "../support/tables.js";

describe("headers", () => {
  it("without a name for a column: it is ignored, as pandas' index is", () => {
    const text = table({ "": (i) => i, a: real, b: real });
    expect(kinds(text)).toEqual([
      ["", "ignored", undefined],
      ["a", "numeric", 0],
      ["b", "numeric", 0],
    ]);
    expect(kinds(text, { columns: { "": "ignored" } })).toEqual(kinds(text));
    expect(refusal(text, { columns: { "": "numeric" } })).toContain('Give all columns "names"');
    expect(kinds(text, { names: ["id", "a", "b"] })[0]).toEqual(["id", "numeric", 0]);
  });
  it("with two without a name, and a delimiter at the end of each row", () => {
    expect(
      kinds(
        `,,a,\n${rowsOf(COUNT)
          .map((i) => `${i},${i},${real(i)},`)
          .join("\n")}`,
      ),
    ).toEqual([
      ["", "ignored", undefined],
      ["", "ignored", undefined],
      ["a", "numeric", 0],
      ["", "ignored", undefined],
    ]);
  });
  it("with an index that was saved as a column", () => {
    const text = table({ "Unnamed: 0": (i) => i, a: real });
    expect(refusal(text)).toContain('Declare it: "columns": { "Unnamed: 0": "ignored" }, or "numeric" if it is data.');
    expect(kinds(text, { columns: { "Unnamed: 0": "ignored" } })[0]).toEqual(["Unnamed: 0", "ignored", undefined]);
  });
  it("with a name twice", () => {
    const text = `u,v,u\n${rowsOf(COUNT)
      .map((i) => `${i},${real(i)},${i}`)
      .join("\n")}`;
    expect(refusal(text)).toBe(
      'x.csv row 1  columns 1 and 3 have the same name, "u". Rename one of them, or give "names".',
    );
    expect(kinds(text, { names: ["u", "v", "w"] }).map(([name]) => name)).toEqual(["u", "v", "w"]);
  });
  it("with more columns than a table may have", () => {
    expect(refusal(`${"a,".repeat(2 ** 18)}a\n`)).toContain("x.csv row 1  it has more than 262144 columns");
  });
  it("that JavaScript has a use of its own for", () => {
    const names = ["constructor", "__proto__", "toString", "hasOwnProperty"];
    const text = `${names.join(",")}\n${rowsOf(COUNT)
      .map((i) => `${i},${real(i)},x${i % 2},${i % 2}`)
      .join("\n")}`;
    expect(kinds(text)).toEqual([
      ["constructor", "numeric", 0],
      ["__proto__", "numeric", 0],
      ["toString", "categorical", 0],
      ["hasOwnProperty", "binary", 0],
    ]);
    expect(kinds(text, JSON.parse('{ "columns": { "__proto__": "ignored" } }'))[1]).toEqual([
      "__proto__",
      "ignored",
      undefined,
    ]);
  });
  it("that are not there", () => {
    const rows = table({ a: real, b: real }).replace("a,b\n", "");
    expect(refusal(rows)).toContain(
      'x.csv row 1  the header holds numbers, not names: 0, 0. If the file has no header, set "header": false',
    );
    expect(kinds(rows, { header: false }).map(([name]) => name)).toEqual(["c0", "c1"]);
    expect(kinds(rows, { header: false, names: ["u", "v"] }).map(([name]) => name)).toEqual(["u", "v"]);
    expect(described(rows, { header: false }).sizes).toEqual({ train: 160, validation: 20, test: 20 });
    expect(refusal(rows, { header: false, names: ["u"] })).toContain("1 names are given, but x.csv has 2 columns");
  });
  it.each([["0,1,2,3"], ["1990,1991,1992,1993"], ["400.5,401,401.5,402"], ["4,3,2,1"]])(
    "of numbers that name columns: %s",
    (header) => {
      expect(
        kinds(
          `${header}\n${rowsOf(COUNT)
            .map((i) => [i, i, i, i].join(","))
            .join("\n")}`,
        ).map(([name]) => name),
      ).toEqual(header.split(","));
    },
  );
  it("with space around names", () => {
    expect(
      kinds(
        `a , "b c"\n${rowsOf(COUNT)
          .map((i) => `${i}, ${i}`)
          .join("\n")}`,
      ).map(([name]) => name),
    ).toEqual(["a", "b c"]);
  });
  it("that are long lists are not shown whole", () => {
    const names = rowsOf(1000).map((i) => `gene${i}`);
    const text = `${names.join(",")}\n${names.map(() => "1").join(",")}`;
    expect(refusal(text, { label: "gnee" })).toMatch(/gene49, \.\.\. \(1000 columns\)\.$/);
  });
});

describe("files", () => {
  it("are read by their suffix and packed", () => {
    const tabbed = table({ a: real, b: real }, "\t");
    const expected = [
      ["a", "numeric", 0],
      ["b", "numeric", 0],
    ];
    expect(kinds(tabbed, {}, "x.tsv")).toEqual(expected);
    expect(kinds(gzipSync(tabbed), {}, "x.tsv.gz")).toEqual(expected);
    expect(kinds(gzipSync(two(real)), {}, "x.csv.gz")).toEqual(expected);
    expect(kinds(gzipSync(two(real)), {}, "packed.csv")).toEqual(expected);
    expect(kinds(two(real), {}, "x.tsv.csv")).toEqual(expected);
  });
  it("may have been joined: line ends are mixed, and labels are the same", () => {
    const rows = rowsOf(COUNT).map((i) => `${real(i)},${i % 2 ? "cat" : "dog"}`);
    const joined = `a,y\n${rows.slice(0, 100).join("\n")}\n${rows.slice(100).join("\r\n")}\r\n`;
    const reversed = `a,y\r\n${rows.slice(0, 100).join("\r\n")}\r\n${rows.slice(100).join("\n")}`;
    const old = `a,y\r${rows.join("\r")}\r`;
    for (const text of [joined, reversed, old]) {
      const { fields, sizes } = described(text, { label: "y" });
      expect(fields.label!.names).toEqual(["cat", "dog"]);
      expect(sizes).toEqual({ train: 160, validation: 20, test: 20 });
    }
  });
  it("may end in empty lines, and have none between rows", () => {
    expect(described(`${two(real)}\n\n \r\n\n`).sizes.train).toBe(160);
    expect(refusal(two(real).replace("\n", "\n\n"))).toContain("x.csv row 2  the line is empty. Remove it.");
    const single = `a\n${rowsOf(COUNT)
      .map((i) => (i % 10 === 0 ? "" : i))
      .join("\n")}\n`;
    expect(kinds(single)).toEqual([["a", "numeric", 20]]);
  });
  it("with a row too long by one name what R does", () => {
    expect(refusal(two(real).replace("a,b\n", "a\n"))).toContain(
      "x.csv row 2  it has 2 columns, but the header has 1. If the first column holds row names, name it in the header too.",
    );
  });
});
