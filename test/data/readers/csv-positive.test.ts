import { describe, expect, it } from "vitest";
import { csv } from "../../../src/data/readers/csv.js";
import { errorOf } from "../../support/error-of.js";
import { create, folderWith, inspect, readAll, rowsOf } from "../support/files.js";

type Moments = { columns: Record<string, { mean: number; deviation: number }> };

describe("positive columns and counts of a csv", () => {
  it("divides a positive column by the geometric mean of the training split, and fills its gaps with 1", async () => {
    const price = (row: number): number => 2 ** ((row % 7) - 12);
    const rows = rowsOf(60).map((row) => `${row % 10 === 3 ? "" : price(row)},${row % 2},${row}`);
    const folder = folderWith({ "x.csv": `price,bit,number\n${rows.join("\n")}\n` });
    const fields = { type: "csv", file: "x.csv", columns: { price: "positive" } };
    expect(inspect(csv, fields as never, folder).fields.x!.columns![0]).toEqual({
      name: "price",
      kind: "positive",
      width: 1,
    });
    const only = { ...fields, columns: { ...fields.columns, bit: "ignored", number: "ignored" } };
    expect(inspect(csv, only as never, folder).fields.x!.support).toBe("positive");
    const read = async (more: object, preparation?: unknown) => {
      const dataset = await create(
        csv,
        { ...fields, columns: { ...fields.columns, number: "count" }, ...more } as never,
        folder,
        preparation,
      );
      const cells = (["train", "validation", "test"] as const).flatMap((name) => {
        const { x } = readAll(dataset, name);
        return rowsOf(dataset.sizes[name]).map((i) => ({ name, price: x![3 * i]!, row: x![3 * i + 2]! }));
      });
      return { dataset, cells };
    };
    const { dataset, cells } = await read({});
    const known = cells.filter(({ name, row }) => name === "train" && row % 10 !== 3);
    const mean = Math.exp(known.reduce((sum, { row }) => sum + Math.log(price(row)), 0) / known.length);
    const { price: kept } = (dataset.preparation as Moments).columns;
    expect(kept!.mean).toBe(0);
    expect(kept!.deviation).toBeCloseTo(mean, 9);
    for (const { price: value, row } of cells) expect(value).toBeCloseTo(row % 10 === 3 ? 1 : price(row) / mean, 5);
    const scaled = await read({ scale: 0.25 });
    for (const { price: value, row } of scaled.cells) expect(value).toBe(row % 10 === 3 ? 1 : price(row) / 0.25);
    expect((await read({}, { columns: { price: { mean: 0, deviation: 0.5 } } })).cells[0]!.price).toBe(
      cells[0]!.row % 10 === 3 ? 1 : price(cells[0]!.row) / 0.5,
    );
    await expect(read({ scale: 1e38 })).rejects.toThrow(
      'column "price"  0.000244140625 / 1e+38 is 0 in single precision',
    );
  });

  it("refuses counts that single precision does not hold", () => {
    const rows = rowsOf(40).map((row) => (row === 20 ? 2 ** 24 : 2 ** 24 - 1));
    const folder = folderWith({ "x.csv": `reads\n${rows.join("\n")}\n` });
    const fields = { type: "csv", file: "x.csv", columns: { reads: "count" } };
    expect(errorOf(() => inspect(csv, fields as never, folder)).message).toContain(
      'x.csv row 22, column "reads"  16777216 is too large: single precision holds counts below 2^24',
    );
  });

  it.each(["0", "-2.5", "1e-60"])("refuses %s in a positive column", (cell) => {
    const rows = rowsOf(40).map((row) => (row === 20 ? cell : "3"));
    const folder = folderWith({ "x.csv": `price\n${rows.join("\n")}\n` });
    const fields = { type: "csv", file: "x.csv", columns: { price: "positive" } };
    expect(errorOf(() => inspect(csv, fields as never, folder)).message).toContain(
      `x.csv row 22, column "price"  ${cell} is not above 0`,
    );
  });
});
