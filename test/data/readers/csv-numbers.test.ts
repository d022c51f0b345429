import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberOfBytes, numberOfText } from "../../../src/data/readers/csv-numbers.js";

const ofBytes = (text: string, decimal = "."): number => {
  const padded = Buffer.from(`x${text}y`);
  return numberOfBytes(padded, 1, padded.length - 1, decimal.charCodeAt(0));
};

describe("numbers in cells", () => {
  it("are the doubles that the language reads, to the last bit", () => {
    const written = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .chain((value) =>
        fc.constantFrom(
          String(value),
          value.toExponential(),
          value.toPrecision(17),
          Math.abs(value) < 1e21 ? value.toFixed(6) : "0",
        ),
      );
    fc.assert(
      fc.property(written, (text) => {
        expect(ofBytes(text)).toBe(Number(text));
        expect(ofBytes(text.replace(".", ","), ",")).toBe(Number(text));
        expect(numberOfText({ decimal: "." })(text)).toBe(Number(text));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it.each([
    ["+.5", 0.5],
    ["5.", 5],
    ["-0", -0],
    ["007", 7],
    ["1E+2", 100],
    ["9007199254740993", 9007199254740992],
    ["9007199254740992.999", 9007199254740992],
    ["0.000000000000000000000000000000000000000000000001", 1e-48],
    ["1e400", Number.POSITIVE_INFINITY],
    ["0e999", 0],
    ["8.41e21", 8.41e21],
    ["123456789012345678", 123456789012345680],
  ])("%s", (text, value) => {
    expect(ofBytes(text)).toBe(value);
    expect(numberOfText({ decimal: "." })(text)).toBe(value);
  });

  it.each(["", "-", ".", "e5", "1e", "1e+", "1.2.3", "1 2", "0x10", "1,5", "NaN", "Infinity", "1_000", "١"])(
    "%j is none",
    (text) => {
      expect(ofBytes(text)).toBeNaN();
      expect(numberOfText({ decimal: "." })(text)).toBeUndefined();
    },
  );

  it.each<[string, string, string, number | undefined]>([
    [".", ",", "1,234,567.5", 1234567.5],
    [".", ",", "-1,000", -1000],
    [".", ",", "1000.5", 1000.5],
    [".", ",", "1,5", undefined],
    [".", ",", "12,34", undefined],
    [".", ",", "1,234,56", undefined],
    [".", ",", ",123", undefined],
    [",", ".", "1.234,5", 1234.5],
    [",", ".", "1.5", undefined],
    [",", " ", "1 234 567,25", 1234567.25],
    [",", " ", "1\u00a0234,5", 1234.5],
    [",", " ", "1\u202f234", 1234],
    [".", "'", "1'000.25", 1000.25],
    [".", "_", "1_000", 1000],
  ])("with decimal %j and thousands %j, %j", (decimal, thousands, text, value) => {
    expect(numberOfText({ decimal: decimal as ".", thousands })(text)).toBe(value);
  });
});
