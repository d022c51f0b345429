import { describe, expect, it } from "vitest";
import { cellBlocks } from "../../../src/data/readers/cell-blocks.js";
import { errorOf } from "../../support/error-of.js";

const MEBIBYTE = 2 ** 20;

describe("cells in blocks", () => {
  it.each([1, 3, 1000, 600_000])("give back what was put into rows of %i", (width) => {
    const cells = cellBlocks(width, "x.csv");
    const rows = Math.ceil(1_300_000 / width);
    const value = (row: number, column: number): number => row * 7 + column / 3;
    for (let row = 0; row < rows; row++) {
      cells.beginRow();
      for (let column = 0; column < width; column++) cells.set(column, value(row, column));
    }
    expect(cells.rows).toBe(rows);
    let wrong = 0;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < width; column++) if (cells.at(row, column) !== value(row, column)) wrong++;
    expect(wrong).toBe(0);
  });

  it("are refused at once where the rest of a file will not fit by far", () => {
    const cells = cellBlocks(1000, "x.csv", () => 100 * MEBIBYTE);
    for (let row = 0; row < 500; row++) cells.beginRow();
    // 500 rows are 3.8 MiB, and 49,500 are 377.7.
    expect(errorOf(() => cells.assertRoom(49_500)).message).toBe(
      'x.csv  its 1000 columns need 381.5 MiB of memory, but 103.8 MiB are available. Declare columns "ignored", use fewer rows, or save the table as .npy, which is read in place.',
    );
    expect(() => cells.assertRoom(25_000)).not.toThrow();
  });

  it("are refused when there is no room for another block, as where a packed file grows", () => {
    let free = 100 * MEBIBYTE;
    const cells = cellBlocks(2 ** 19, "x.csv.gz", () => free);
    cells.beginRow();
    free = 10 * MEBIBYTE;
    expect(errorOf(() => cells.beginRow()).message).toContain("need 8.0 MiB of memory, but 14.0 MiB are available");
  });

  it("are read on a small machine, as long as they are few", () => {
    const cells = cellBlocks(3, "x.csv", () => MEBIBYTE);
    cells.beginRow();
    expect(() => cells.assertRoom(1_000_000)).not.toThrow();
  });
});
