import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvScanner } from "../../../src/data/readers/csv-scanner.js";
import { errorOf } from "../../support/error-of.js";

/** Rows of a text that comes in pieces of this many bytes; an empty line is null. */
const rowsOf = (text: string, delimiter = ",", step = 1 << 20): (string[] | null)[] => {
  const rows: (string[] | null)[] = [];
  let row: string[] = [];
  const scanner = csvScanner("a.csv", delimiter.charCodeAt(0), {
    cell: (bytes, start, end, number) => {
      expect(number).toBe(rows.length + 1);
      row.push(bytes.toString("utf8", start, end));
    },
    endRow: () => {
      rows.push(row);
      row = [];
    },
    emptyLine: () => rows.push(null),
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) scanner.push(bytes.subarray(at, at + step));
  scanner.end();
  return rows;
};

describe("the scanner of csv", () => {
  it.each<[string, string, (string[] | null)[]]>([
    [
      "LF, CRLF and CR in one file",
      "a,b\nc,d\r\ne,f\rg,h",
      [
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
        ["g", "h"],
      ],
    ],
    ["a CR at the very end", "a,b\r", [["a", "b"]]],
    ["line ends within quotes", '"a\r\nb",c\n"d\re"\n', [["a\r\nb", "c"], ["d\re"]]],
    ["doubled quotes", '"say ""hi""",""""\n""\n', [['say "hi"', '"'], [""]]],
    ["space around cells and quotes", ' a , "b c" ,\t"d"\t\n', [["a", "b c", "d"]]],
    ["a quote within a cell", '5" pipe,a"b"\n', [['5" pipe', 'a"b"']]],
    ["empty cells and empty lines", ",\n\n,,\n \n", [["", ""], null, ["", "", ""], null]],
    [
      "no line end at the end",
      "a,b\n1,",
      [
        ["a", "b"],
        ["1", ""],
      ],
    ],
    ["characters of several bytes", "ä,€,😀\n", [["ä", "€", "😀"]]],
  ])("reads %s", (_, text, expected) => {
    expect(rowsOf(text)).toEqual(expected);
    for (const step of [1, 2, 3]) expect(rowsOf(text, ",", step)).toEqual(expected);
  });

  it("takes a tab or a space for the delimiter where it is one, and for space where it is not", () => {
    expect(rowsOf("a\t\t b \n", "\t")).toEqual([["a", "", "b"]]);
    expect(rowsOf("a  b\t\n", " ")).toEqual([["a", "", "b"]]);
  });

  it("reads back what RFC 4180 writes, whatever the pieces", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", "\r", " ") });
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n", "\r"), fc.integer({ min: 1, max: 9 }), (rows, end, step) => {
        const text = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",")).join(end);
        expect(rowsOf(text, ",", step)).toEqual(rows);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each([
    ["an open quote", 'a,b\n1,"2\n3,4\n', "a.csv row 2  a quoted cell is never closed"],
    ["text after a closing quote", 'a,b\n1,"2"3\n', "a.csv row 2  text follows the closing quote of a cell"],
    ["a cell of more than 1 MiB", `a\n${"x".repeat(2 ** 20 + 1)}`, "a.csv row 2  a cell exceeds 1 MiB"],
    ["an open quote in a large file", `a\n"${"1\n".repeat(2 ** 20)}`, "a.csv row 2  a cell exceeds 1 MiB"],
  ])("refuses %s", (_, text, message) => {
    expect(errorOf(() => rowsOf(text, ",", 2 ** 16)).message).toContain(message);
  });
});
