import { describe, expect, it } from "vitest";
import { rowsOf } from "../support/files.js";
import { COUNT, described, kinds, real, refusal, semicolons, table, two } from "../support/tables.js";

describe("a table that is not what its delimiter says", () => {
  it.each([
    [";", '";"'],
    ["\t", "a tab"],
    ["|", '"|"'],
  ])("one column that holds %j", (delimiter, name) => {
    const text = table({ a: real, b: real, c: real }, delimiter);
    const header = JSON.stringify(["a", "b", "c"].join(delimiter));
    expect(refusal(text)).toBe(
      `x.csv row 1  the row is read as one column, but contains ${name}: ${header}. Set "delimiter": ${JSON.stringify(delimiter)}.`,
    );
    expect(kinds(text, { delimiter }).map(([column]) => column)).toEqual(["a", "b", "c"]);
  });
  it("commas read as semicolons, and no header", () => {
    expect(refusal(table({ a: real, b: real }), { delimiter: ";" })).toContain('Set "delimiter": ",".');
    expect(refusal(semicolons(real).replace("a;b\n", ""), { header: false })).toContain('Set "delimiter": ";".');
  });
  it("spaces", () => {
    const text = table({ a: real, b: real, c: real }, " ");
    expect(refusal(text)).toContain('x.csv row 2, column "a b c"  "0 0 0" is not a number. If spaces separate columns');
    expect(kinds(text, { delimiter: " " })).toHaveLength(3);
  });
  it("Excel's line for itself", () => {
    expect(refusal(`sep=;\n${semicolons(real)}`)).toContain('Delete it, and set "delimiter": ";".');
  });
  it.each(['"', "\n", "é"])("%j cannot be a delimiter", (delimiter) => {
    expect(refusal(two(real), { delimiter })).toContain("cannot be a delimiter. Use one ASCII character");
  });
});

describe("numbers in another notation", () => {
  const comma = (i: number): string => real(i).toFixed(3).replace(".", ",");
  it.each<[string, string, object, string]>([
    [
      "decimal commas",
      semicolons(comma),
      { delimiter: ";" },
      'x.csv row 2, column "b"  "0,000" is not a number. If "," separates thousands, set "thousands": ",". If the comma is a decimal mark, set "decimal": ",". Otherwise declare the column "categorical" or "ignored".',
    ],
    [
      "few different decimal commas",
      semicolons((i) => `${i % 3},5`),
      { delimiter: ";" },
      '"0,5" is not a number. If the comma is a decimal mark, set "decimal": ",".',
    ],
    [
      "decimal points where commas are said",
      semicolons((i) => real(i).toFixed(3)),
      { delimiter: ";", decimal: "," },
      'If the point is a decimal mark, set "decimal": ".".',
    ],
    [
      "thousands",
      two((i) => `"${i + 1},${String(i * 3).padStart(3, "0")}"`),
      {},
      'If "," separates thousands, set "thousands": ",".',
    ],
    [
      "thousands in some rows",
      two((i) => (i < 150 ? i : `"${i},000"`)),
      {},
      'x.csv row 152, column "b"  "150,000" is not a number, but 150 of the 200 values of the column are. If "," separates thousands',
    ],
    [
      "points between thousands",
      semicolons((i) => `${i}.000.000`),
      { delimiter: ";" },
      'If "." separates thousands, set "thousands": ".".',
    ],
    ["percentages", two((i) => `${i % 5}%`), {}, '"0%" is not a number. Write numbers without the percent sign.'],
    ["currencies", two((i) => `$${real(i)}`), {}, "Write numbers without the currency sign."],
    ["a typographic minus", two((i) => (i % 2 ? `\u2212${i}` : i)), {}, 'Write the minus sign as "-".'],
    ["accountants' brackets", two((i) => (i % 2 ? `(${i})` : i)), {}, 'Write negative numbers with "-".'],
    [
      "infinities",
      two((i) => (i === 7 ? "-inf" : i)),
      {},
      'x.csv row 9, column "b"  "-inf" is not a number, but 199 of the 200 values of the column are. Infinities cannot be modeled',
    ],
    [
      "dates of a year",
      two((i) => `2020-${(i % 12) + 1}-01`),
      {},
      '"2020-1-01" is not a number. Write dates as numbers, such as days since the first.',
    ],
    ["timestamps", two((i) => `2020-01-01T00:00:${i}Z`), {}, "Write dates as numbers"],
    ["dates with slashes", two((i) => `${(i % 12) + 1}/${(i % 28) + 1}/2020`), {}, "Write dates as numbers"],
    ["times of day", two((i) => `${i % 24}:30`), {}, "Write times as numbers, such as seconds."],
  ])("%s are refused with what to do", (_, text, fields, message) => {
    expect(refusal(text, fields)).toContain(message);
  });
  it("are read once the notation is said", () => {
    const read = (text: string, fields: object) => described(text, fields).columns!.map(({ range }) => range);
    expect(read(semicolons(comma), { delimiter: ";", decimal: "," })[1]![1]).toBeCloseTo(
      Math.max(...rowsOf(COUNT).map(real)),
      3,
    );
    expect(
      read(
        two((i) => `"${i + 1},500"`),
        { thousands: "," },
      )[1],
    ).toEqual([1500, 200500]);
    expect(
      read(
        two((i) => (i < 150 ? i : `"${i},000"`)),
        { thousands: "," },
      )[1],
    ).toEqual([0, 199000]);
    expect(
      read(
        semicolons((i) => `${i}.000.000,5`),
        { delimiter: ";", decimal: ",", thousands: "." },
      )[1],
    ).toEqual([0.5, 199000000.5]);
  });
  it("are categories where that is declared", () => {
    expect(
      kinds(
        two((i) => `${i % 5}%`),
        { columns: { b: "categorical" } },
      )[1],
    ).toEqual(["b", "categorical", 0]);
    expect(
      kinds(
        two((i) => `2020-${(i % 12) + 1}-01`),
        { columns: { b: "ignored" } },
      )[1],
    ).toEqual(["b", "ignored", undefined]);
  });
  it("cannot have one mark for decimals and thousands", () => {
    expect(refusal(two(real), { thousands: "." })).toContain("the thousands separator cannot equal the decimal mark");
  });
  it("of ages and sizes are categories, and no dates", () => {
    expect(kinds(two((i) => ["18-24", "25-34", "35-44"][i % 3]))[1]).toEqual(["b", "categorical", 0]);
    expect(kinds(two((i) => ["S", "M", "4x4"][i % 3]))[1]).toEqual(["b", "categorical", 0]);
  });
});

describe("numbers and text in one column", () => {
  it.each([10, 30, 50, 70, 89])("%i %% of ?", (percent) => {
    const text = two((i) => ((i * 7) % 100 < percent ? "?" : real(i)));
    const numbers = 200 - 2 * percent;
    expect(refusal(text)).toMatch(
      new RegExp(
        `column "b" {2}"\\?" is not a number, but ${numbers} of the 200 values of the column are\\. Correct it, or list it in \`missing\``,
      ),
    );
    expect(kinds(text, { missing: ["?"] })[1]).toEqual(["b", "numeric", 2 * percent]);
    expect(refusal(text, { columns: { b: "numeric" } })).toContain('"?" is not a number');
  });
  it.each(["-", ".", "none", "unknown", "#REF!", "#VALUE!", "missing"])("%j for what is missing", (token) => {
    expect(refusal(two((i) => (i % 10 < 7 ? token : real(i))))).toContain(`${JSON.stringify(token)} is not a number`);
  });
  it("a number among words is asked about, too", () => {
    expect(refusal(two((i) => (i === 5 ? "12" : ["x", "y"][i % 2])))).toBe(
      'x.csv row 7, column "b"  "12" is a number, but 199 of the 200 values of the column are not. Correct it, or declare the column "categorical" or "ignored".',
    );
    const codes = two((i) => ["1", "2", "A"][i % 3]);
    expect(refusal(codes)).toContain('"A" is not a number');
    expect(kinds(codes, { columns: { b: "categorical" } })[1]).toEqual(["b", "categorical", 0]);
  });
  it.each(["", "NA", "N/A", "n/a", "<NA>", "NaN", "nan", "NULL", "null", '" NA "', ' "" '])(
    "%j is missing by default",
    (token) => {
      expect(kinds(two((i) => (i % 10 < 7 ? token : real(i))))[1]).toEqual(["b", "numeric", 140]);
      expect(kinds(two((i) => (i % 10 < 3 ? token : ["x", "y"][i % 2])))[1]).toEqual(["b", "categorical", 60]);
    },
  );
  it("a number that is missing is so however it is written", () => {
    const text = two((i) => (i % 10 === 0 ? ["-999", "-999.0", " -9.99e2 ", '"-999"'][(i / 10) % 4] : real(i)));
    expect(kinds(text, { missing: ["-999"] })[1]).toEqual(["b", "numeric", 20]);
    expect(described(text, { missing: ["-999"] }).columns![1]!.range![0]).toBeGreaterThanOrEqual(0);
  });
  it("nothing but missing values is no column", () => {
    expect(refusal(two(() => "NA"))).toContain('x.csv column "b"  every value is missing. Declare it "ignored".');
  });
});

describe("text whose values differ", () => {
  it("in nearly all rows is no category", () => {
    expect(refusal(two((i) => `name ${i}`))).toBe(
      'x.csv column "b"  200 of its 200 values are distinct; the first is "name 0". Declare it "ignored" if it identifies the examples, or "categorical" if these are its categories.',
    );
    expect(refusal(two((i) => `name ${i % 101}`))).toContain("101 of its 200 values are distinct");
    expect(kinds(two((i) => `name ${i % 100}`))[1]).toEqual(["b", "categorical", 0]);
    expect(
      kinds(
        two((i) => `name ${i}`),
        { columns: { b: "categorical" } },
      )[1],
    ).toEqual(["b", "categorical", 0]);
  });
  it("in more than 256 ways is none either", () => {
    const text = `a,b\n${rowsOf(2000)
      .map((i) => `${i},name ${i % 300}`)
      .join("\n")}`;
    for (const columns of [{}, { b: "categorical" }])
      expect(refusal(text, { columns })).toContain(
        "it has more than 256 distinct values; at most 256 can be categories",
      );
  });
  it("is no label, unless it is said to be", () => {
    const text = two((i) => `${real(i)}`);
    expect(refusal(text, { label: "b" })).toContain(
      'x.csv column "b"  200 of its 200 values are distinct; the first is "0"',
    );
    expect(described(text, { label: "b", columns: { b: "categorical" } }).fields.label!.classes).toBe(200);
    expect(refusal(text, { label: "b", columns: { b: "numeric" } })).toContain('the label "b" is declared numeric');
  });
  it("only as numbers can be written is one category, and refused as two", () => {
    const text = two((i) => ["1", "1.0", "2"][i % 3]);
    expect(refusal(text, { label: "b" })).toContain(
      '"1" and "1.0" are the same number but would become two categories',
    );
    expect(refusal(text, { columns: { b: "categorical" } })).toContain('"1" and "1.0" are the same number');
  });
});
