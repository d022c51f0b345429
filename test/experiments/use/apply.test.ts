/** A finished run applied to files that its data set does not hold. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decode } from "fast-png";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeFile, imputeFile, reconstructFile, sampleRun, scoreFile } from "../../../src/experiments/index.js";
import { openRun } from "../../../src/experiments/use/open-run.js";
import { decodeNpz } from "../../../src/storage/npz.js";
import { npyFile } from "../../data/support/damage.js";
import { listener, newFolder, refusalOf, runIn } from "../support/runs.js";

const on = { engine: (process.env.VAELAB_TEST_ENGINE ?? "native") as "native", threads: 1 } as const;
const COLORS = ["red", "green", "blue"];
const HEADER = "age,color,flag,income";
const rowOf = (i: number): string => {
  const z = (i * 0.618034) % 1;
  return `${(20 + 30 * z).toFixed(2)},${COLORS[Math.floor(3 * z)]},${Number(z > 0.5)},${(1000 * (1 + z)).toFixed(1)}`;
};
const rowsFrom = (start: number, count: number): string[] => Array.from({ length: count }, (_, i) => rowOf(start + i));

describe("a table", () => {
  let run: string;
  const file = (name: string, rows: readonly string[], header = HEADER): string => {
    const path = join(dirname(run), name);
    writeFileSync(path, `${header}\n${rows.join("\n")}\n`);
    return path;
  };
  const out = (name: string): string => join(dirname(run), name);
  const linesOf = (path: string): string[][] =>
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
  beforeAll(async () => {
    run = newFolder();
    const data = file("train.csv", rowsFrom(0, 300));
    await runIn(
      {
        name: "table",
        seed: 1,
        data: { type: "csv", file: data },
        model: { latent: 2, encoder: { type: "mlp", hidden: [8] }, likelihood: "columns" },
        training: { epochs: 2, batchSize: 32 },
        evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
      },
      {},
      run,
    );
  });

  test("scores equal those of the library, whatever the file is divided into, beside the rows of a spreadsheet", async () => {
    const rows = rowsFrom(1000, 2150);
    const applied = await scoreFile({ run, input: file("new.csv", rows), out: out("scores.csv"), samples: 10, ...on });
    expect(applied).toMatchObject({ count: 2150, skipped: [] });
    const [heads, ...scores] = linesOf(applied.file);
    const nll = heads!.indexOf("nll");
    expect(scores.map(([row]) => Number(row))).toEqual(rows.map((_, i) => i + 2));
    const model = await openRun(run, on);
    const names = HEADER.split(",");
    const given = rows.map((row) => Object.fromEntries(row.split(",").map((cell, i) => [names[i], cell])));
    const expected = await model.score(given, { samples: 10 });
    for (const [i, score] of scores.entries()) expect(Number(score[nll])).toBeCloseTo(expected.nll![i]!, 5);
    model.close();
  });

  const damaged = [
    rowOf(1),
    "old,red,1,1000",
    "20,purple,0,1000",
    rowOf(2),
    "20,red,2,1000",
    "20,red,1",
    "20,red,1,1e60",
  ];
  const REASONS: readonly (readonly [number, string])[] = [
    [3, 'column "age": "old" is not a number'],
    [4, 'column "color": "purple" is no category of the training data: blue, green, red'],
    [6, 'column "flag": 2 is neither 0 nor 1'],
    [7, "it has 3 cells, but the header has 4"],
    [8, 'column "income": 1e+60 is too large'],
  ];
  test("rows that do not fit are all named, and no file is written", async () => {
    const input = file("damaged.csv", damaged);
    const { problems } = await refusalOf(scoreFile({ run, input, out: out("none.csv"), ...on }));
    expect(problems.map(({ where, message }) => [where, message])).toEqual(
      REASONS.map(([row, message]) => [`${input} row ${row}`, message]),
    );
    expect(problems.at(-1)!.remedy).toContain("--skip-bad-rows");
    expect(existsSync(out("none.csv"))).toBe(false);
  });
  test("or left out on request", async () => {
    const input = file("damaged.csv", damaged);
    const applied = await encodeFile({ run, input, out: out("codes.csv"), skipBadRows: true, ...on });
    expect(applied.skipped).toEqual(REASONS.map(([row, reason]) => ({ row, reason })));
    expect(linesOf(applied.file).map(([row]) => row)).toEqual(["row", "2", "5"]);
  });

  test("missing cells are filled in; the others stay as they were written, with columns that the model does not read", async () => {
    const { warnings, reporter } = listener();
    const rows = ["a,,red,1,1010.50", "b,25.0,NA,1,", "c,21,blue,,990"];
    const input = file("holes.csv", rows, `id,${HEADER}`);
    const applied = await imputeFile({ run, input, out: out("full.csv"), reporter, ...on });
    const [heads, first, second, third] = linesOf(applied.file);
    expect(heads).toEqual(["row", "id", ...HEADER.split(",")]);
    expect(first).toEqual(["2", "a", expect.stringMatching(/^\d+\.\d+$/), "red", "1", "1010.50"]);
    expect(second).toEqual([
      "3",
      "b",
      "25.0",
      expect.stringMatching(/^(red|green|blue)$/),
      "1",
      expect.stringMatching(/^\d/),
    ]);
    expect(third).toEqual(["4", "c", "21", "blue", expect.stringMatching(/^[01]$/), "990"]);
    expect(warnings).toEqual(['the model does not read the columns "id"']);
    const drawn = async (seed: number) => {
      const { file } = await imputeFile({ run, input, out: out("draw.csv"), draw: true, seed, ...on });
      return readFileSync(file, "utf8");
    };
    const [one, again, other] = [await drawn(1), await drawn(1), await drawn(2)];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  test("reconstructions and samples have the columns, kinds and categories of the table", async () => {
    const input = file("some.csv", rowsFrom(5, 3));
    const { file: rebuilt } = await reconstructFile({ run, input, out: out("rebuilt.csv"), ...on });
    const { files } = await sampleRun({ run, count: 150, out: out("samples.csv"), ...on });
    for (const [heads, ...rows] of [linesOf(rebuilt), linesOf(files[0]!).map((row) => ["row", ...row])]) {
      expect(heads!.slice(1)).toEqual(HEADER.split(","));
      for (const [, age, color, flag, income] of rows) {
        expect(Number(age) + Number(income)).toEqual(expect.any(Number));
        expect(COLORS).toContain(color);
        expect(["0", "1"]).toContain(flag);
      }
    }
  });

  test.each([
    ["missing columns", "age,color\n1,red\n", 'the columns "flag", "income" are missing'],
    ["no rows", `${HEADER}\n`, "no row of the file fits"],
    ["nothing", "", "the file is empty"],
  ])("a file with %s is refused", async (_, content, message) => {
    const input = out("strange.csv");
    writeFileSync(input, content);
    expect((await refusalOf(scoreFile({ run, input, out: out("none.csv"), ...on }))).message).toContain(message);
  });
  test("a table is not written as arrays, whose number of rows comes first", async () => {
    const input = file("some.csv", rowsFrom(5, 3));
    expect((await refusalOf(scoreFile({ run, input, out: out("none.npz"), ...on }))).message).toContain("Name a .csv");
  });
});

describe("images", () => {
  test("bytes of an .npy are prepared as those of the run, and codes equal the library's", async () => {
    const run = newFolder();
    const write = (name: string, count: number): string => {
      const path = join(dirname(run), name);
      const data = Uint8Array.from({ length: count * 16 }, (_, i) => (i * 37) % 256);
      writeFileSync(path, npyFile("|u1", `(${count}, 4, 4)`, Buffer.from(data)));
      return path;
    };
    await runIn(
      {
        name: "images",
        seed: 1,
        data: { type: "npy", values: write("train.npy", 60) },
        model: { latent: 2, encoder: { type: "mlp", hidden: [8] }, likelihood: { type: "bernoulli", allowGray: true } },
        training: { epochs: 1, batchSize: 16 },
        evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
      },
      {},
      run,
    );
    const input = write("new.npy", 7);
    const { file } = await encodeFile({ run, input, out: join(dirname(run), "codes.npz"), ...on });
    const { row, mean } = decodeNpz(readFileSync(file), file);
    expect(row).toMatchObject({ shape: [7] });
    const model = await openRun(run, on);
    const bytes = Uint8Array.from({ length: 7 * 16 }, (_, i) => (i * 37) % 256);
    expect(mean && "data" in mean && Array.from(mean.data)).toEqual(Array.from((await model.encode(bytes)).mean!.data));
    expect(Array.from((await model.encode(Float32Array.from(bytes, (byte) => byte / 255))).mean!.data)).toEqual(
      Array.from((await model.encode(bytes)).mean!.data),
    );
    const picture = await reconstructFile({ run, input, out: join(dirname(run), "both.png"), ...on });
    // A row of 7 images of 4 x 4 and one of their reconstructions, a line between neighbors.
    expect(decode(readFileSync(picture.file))).toMatchObject({ width: 7 * 4 + 6, height: 2 * 4 + 1, channels: 1 });
    expect((await refusalOf(scoreFile({ run, input, out: "x.png", ...on }))).message).toContain("Name a .npz or .csv");
    expect((await refusalOf(encodeFile({ run, input: file, out: "x.npz", ...on }))).message).toContain(
      "none is called x, image or values",
    );
    model.close();
  });
});
