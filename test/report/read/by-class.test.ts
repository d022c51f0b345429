/** Figures class by class, ex-post samples apart from the prior's, and later evaluations in the reports. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Measurement, MeasurementKey } from "../../../src/contracts/measurement.js";
import { formatRunTable, writeReport } from "../../../src/report/index.js";
import type { DeclaredFigure } from "../../../src/storage/layout.js";
import { writeNpz } from "../../../src/storage/npz.js";
import { CONTROLS, declarationsOf, figuresOf, measured, sampleFiguresOf } from "../support/figures.js";
import { groupsOf, writeRunFolder, writeSweepFolder } from "../support/folders.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-classes-report-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const shared = 'features of a classifier of "label", 97.0 % right';
const share = (value: number, n: number, key: Omit<MeasurementKey, "figure"> = {}): Measurement =>
  measured("conditionalAccuracy", { value, n, standardError: Math.sqrt((value * (1 - value)) / n), note: shared }, key);
const set = { output: "draws" } as const;
const mixture = { sampler: "gaussian-mixture", output: "draws" } as const;
const digit = (index: number) => ({ class: { field: "digit", index } });
const accuracies = (seed = 1): Record<string, Measurement> => ({
  conditionalAccuracy: share(0.9, 100, { set }),
  "conditionalAccuracy-0": share(0.8 + seed / 100, 40, { set, ...digit(0) }),
  "conditionalAccuracy-1": share(0.9, 60, { set, ...digit(1) }),
  "conditionalAccuracy/gaussian-mixture": share(0.95, 100, { set: mixture }),
  "conditionalAccuracy-0/gaussian-mixture": share(0.92, 30, { set: mixture, ...digit(0) }),
  "conditionalAccuracy-1/gaussian-mixture": share(0.96, 70, { set: mixture, ...digit(1) }),
});
/** NLL of six examples: 1, 2, 3 of the label 0, and 10, 14 of the label 1; one label is not known. */
const writeExamples = (folder: string): void =>
  writeNpz(join(folder, "per-example.npz"), {
    nll: { shape: [6], data: Float32Array.of(1, 10, 2, 14, 3, 99) },
    "labels/digit": { shape: [6], data: Int32Array.of(0, 1, 0, 1, 0, -1) },
  });
/** The cells of a table's body, row by row. */
const rowsOf = (page: string, label: string): string[][] => {
  const from = page.indexOf(`aria-label="${label}"`);
  expect(from).toBeGreaterThan(0);
  const body = page.slice(page.indexOf("<tbody>", from), page.indexOf("</table>", from));
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => cell.replace(/<[^>]+>/g, "")),
  );
};

describe("the report of a conditional run", () => {
  let page: string;
  let table: string;
  beforeAll(async () => {
    const folder = join(root, "run");
    const measurements = { ...figuresOf(1, 1), ...sampleFiguresOf(1, 1), ...accuracies() };
    const controls = { ...CONTROLS, train: { ...CONTROLS.train, "conditionalAccuracy-0": share(0.99, 50, digit(0)) } };
    table = formatRunTable(writeRunFolder(folder, { measurements, controls }));
    writeExamples(folder);
    const samples = join(folder, "samples");
    for (const kind of ["draws", "means"])
      copyFileSync(join(samples, `prior-${kind}.png`), join(samples, `ex-post-gaussian-mixture-${kind}.png`));
    const layout = { columns: { field: "digit", classes: [0, 1] }, samplers: ["gaussian-mixture"] };
    writeFileSync(join(samples, "layout.json"), JSON.stringify(layout));
    page = readFileSync(await writeReport(folder), "utf8");
  });

  it("has n, mean and standard error of each class, by the set of samples and of training examples", () => {
    // Roots of 0.81 * 0.19 / 40, 0.92 * 0.08 / 30, 0.99 * 0.01 / 50; 0.9 * 0.1 / 60, 0.96 * 0.04 / 70.
    expect(rowsOf(page, "conditional accuracy by requested class")).toEqual([
      ["0", "40", "0.810", "0.062", "30", "0.920", "0.050", "50", "0.990", "0.014"],
      ["1", "60", "0.900", "0.039", "70", "0.960", "0.023", "0", "null", ""],
    ]);
  });

  it("has means of figures by example over the examples of a label", () => {
    // Variances 1 and 8, by n - 1: standard errors 1 / sqrt 3 and 2.
    expect(rowsOf(page, "Examples of the test split by digit")).toEqual([
      ["0", "3", "2.00", "0.58"],
      ["1", "2", "12.00", "2.0"],
    ]);
  });

  it("calls classes by their names where they have some", async () => {
    const folder = join(root, "named");
    const classNames = { digit: ["nought", "<one>"] };
    writeRunFolder(folder, { measurements: { ...figuresOf(1, 1), ...accuracies() }, classNames });
    writeExamples(folder);
    const layout = { columns: { field: "digit", classes: [0, 1], names: classNames.digit }, samplers: [] };
    writeFileSync(join(folder, "samples", "layout.json"), JSON.stringify(layout));
    const named = readFileSync(await writeReport(folder), "utf8");
    for (const table of ["conditional accuracy by requested class", "Examples of the test split by digit"])
      expect(rowsOf(named, table).map(([name]) => name)).toEqual(["nought", "&lt;one&gt;"]);
    expect(named).toContain("Columns from left to right are samples requested for digit nought and &lt;one&gt;.");
    expect(named).not.toContain("<one>");
  });

  it("has figures and pictures of ex-post samples apart from those of the prior", () => {
    const prior = rowsOf(page, "Figures of samples from the prior").map(([name]) => name);
    expect(prior).toContain("recall, decoded means");
    expect(prior.join()).not.toContain("mixture");
    const exPost = rowsOf(page, "Figures of ex-post samples, gaussian mixture over codes");
    expect(exPost.map(([name]) => name)).toEqual(["precision", "recall", "conditional accuracy"]);
    expect(rowsOf(page, "Figures of this run").map(([name]) => name)).not.toContain("recall");
    expect(page).toContain("<h3>Ex-post samples, gaussian mixture over codes: draws from the likelihood</h3>");
    expect(page).toContain("Columns from left to right are samples requested for digit 0 to 1.");
    expect(page.match(/<img /g)).toHaveLength(6);
  });

  it("says notes that many share once, in the page and on a terminal, and leaves single classes out of both tables", () => {
    const declared = (title: string): DeclaredFigure => ({
      metric: "any",
      title,
      unit: "fraction",
      better: "higher",
      section: "tasks",
      reading: "None.",
    });
    const noteOf = (figure: string): Measurement => ({ ...share(0.5, 9), figure });
    const noted = formatRunTable({
      name: "shared",
      seed: 1,
      split: "test",
      checkpoint: { step: 1, which: "best" },
      figures: { a: declared("a"), b: declared("b"), c: declared("c") },
      planes: [],
      measurements: { a: noteOf("a"), b: noteOf("b"), c: { ...noteOf("c"), note: `rough; ${shared}` } },
    });
    expect(noted.split("\n").slice(0, 4)).toEqual([
      "a  0.500  ± 0.17  fraction  n=9    [1]",
      "b  0.500  ± 0.17  fraction  n=9    [1]",
      "c  0.500  ± 0.17  fraction  n=9    rough [1]",
      `[1] ${shared}`,
    ]);
    expect(table).not.toMatch(/accuracy 0/);
    expect(table).toContain("by class, in the report: conditional accuracy");
    expect(page).not.toMatch(/<th scope="row">conditional accuracy 0/);
  });
});

it("a run lists what was scored after it, with its figures, and what of it is damaged", async () => {
  const folder = join(root, "evaluated");
  const { checkpoint } = writeRunFolder(folder, { samples: false });
  for (const number of [1, 2, 10]) mkdirSync(join(folder, "evaluations", String(number)), { recursive: true });
  const scored = { name: "x", seed: 1, checkpoint, split: "validation" };
  const write = (number: number, value: unknown): void =>
    writeFileSync(join(folder, "evaluations", String(number), "metrics.json"), JSON.stringify(value));
  const wrote = (number: number, measurements: Record<string, Measurement>): void =>
    write(number, { ...scored, ...declarationsOf(measurements), measurements });
  wrote(2, { nll: measured("nll", { value: 98.765, n: 50 }), ...accuracies() });
  wrote(10, { vendiScore: measured("vendiScore", { value: 7, n: 50 }, { set }) });
  const page = readFileSync(await writeReport(folder), "utf8");
  const list = page.slice(page.indexOf('<section id="evaluations"'));
  const places = [...list.matchAll(/<code>(evaluations\/\d+)<\/code>/g)].map(([, place]) => place);
  expect(places).toEqual(["evaluations/1", "evaluations/2", "evaluations/10"]);
  expect(list).toContain("metrics.json is not in this folder");
  expect(list).toMatch(
    /evaluations\/2<\/code>: validation split, best checkpoint, step 1240\. NLL 98\.77 nats, conditional accuracy 0\.900 fraction, and 1 more/,
  );
  expect(list).toContain("Vendi score 7 samples.");
});

describe("the report of a sweep of conditional models", () => {
  it("has a row a setting and a column a class, over seeds", async () => {
    const folder = join(root, "sweep");
    const { points } = writeSweepFolder(folder, {
      settings: [{ "objective.beta": 1 }, { "objective.beta": 2 }],
      seeds: [1, 3],
      run: (choices, seed) => ({
        measurements: { ...figuresOf(choices["objective.beta"] as number, seed), ...accuracies(seed) },
      }),
    });
    for (const point of points) writeExamples(join(folder, point.folder));
    const page = readFileSync(await writeReport(folder), "utf8");
    // 0.81 and 0.83: half of the interval is 12.706 * 0.01.
    const [first, , n] = rowsOf(page, "Conditional accuracy by requested class");
    expect(first).toEqual(["1", "2", "0.82 ± 0.13", "0.90 ± 0.00"]);
    expect(n).toEqual(["n per trial", "40", "60"]);
    expect(rowsOf(page, "NLL by digit")[0]).toEqual(["1", "2", "2.00 ± 0", "12.00 ± 0"]);
    // No chart and no column a class beside the figure's own.
    expect(page).not.toContain("Conditional accuracy 0 by");
    expect(rowsOf(page, "Figures by trial")[0]!.length).toBe(
      Object.keys(groupsOf(points)[0]!.measurements).filter((name) => !/-\d|\//.test(name)).length + 4,
    );
  }, 60_000);
});
