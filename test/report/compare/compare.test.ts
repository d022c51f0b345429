import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Measurement } from "../../../src/contracts/measurement.js";
import { VaelabError } from "../../../src/errors.js";
import { compareFolders, formatComparison, writeComparison } from "../../../src/report/index.js";
import { writeNpz } from "../../../src/storage/npz.js";
import { measured } from "../support/figures.js";
import { writeRunFolder, writeSweepFolder } from "../support/folders.js";
import { circlesOf, figureUnder, outsideAddresses, sectionIds } from "../support/page.js";

/** Hours of sleep gained with two drugs by ten patients (Student 1908); the paired interval is that of R's t.test(paired = TRUE). */
const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
const GAINED = { mean: 1.58, low: 0.7001142, high: 2.4598858, n: 10 };

const root = mkdtempSync(join(tmpdir(), "vaelab-compare-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const close = (actual: unknown, digits = 6): void => {
  const { mean, low, high, n } = actual as typeof GAINED;
  expect(n).toBe(GAINED.n);
  expect(mean).toBeCloseTo(GAINED.mean, digits);
  expect(low).toBeCloseTo(GAINED.low, digits);
  expect(high).toBeCloseTo(GAINED.high, digits);
};
const refusal = (folders: string[]): VaelabError => {
  try {
    compareFolders(folders);
  } catch (error) {
    if (error instanceof VaelabError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};
const nll = (value: number): Measurement =>
  measured("nll", { value, n: 10, perExample: true }, { encoder: "refitted" });
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
const run = (name: string, values: readonly number[], beta: number): string => {
  const folder = join(root, name);
  writeRunFolder(folder, {
    beta,
    samples: false,
    measurements: {
      nll: nll(mean(values)),
      rate: measured("rate", { value: -5 * mean(values), n: 10, perExample: true }),
      activeUnits: measured("activeUnits", { value: 3, n: 10 }),
    },
  });
  writeNpz(join(folder, "per-example.npz"), {
    nll: { shape: [10], data: Float64Array.from(values) },
    rate: { shape: [10], data: Float64Array.from(values, (value) => -5 * value) },
  });
  return folder;
};
const onOtherData = (folder: string): string => {
  const path = join(folder, "provenance.json");
  const provenance = JSON.parse(readFileSync(path, "utf8")) as object;
  writeFileSync(path, JSON.stringify({ ...provenance, data: { sha256: "0123456789abcdef" } }));
  return folder;
};
/** A trial for each of the figures, by seed. */
const sweep = (name: string, values: readonly number[], settings: readonly Record<string, unknown>[]): string => {
  const folder = join(root, name);
  const seeds = values.map((_, i) => i + 1);
  const scored = (seed: number) => ({ measurements: { nll: nll(values[seed - 1]!) }, samples: false });
  writeSweepFolder(folder, { name, settings, seeds, run: (_, seed) => scored(seed) });
  return folder;
};

describe("two runs", () => {
  let [a, b] = ["", ""];
  beforeAll(() => {
    [a, b] = [run("a", FIRST, 1), run("b", SECOND, 4)];
  });

  it("are paired by example, with the interval of the paired t test", () => {
    const { settings, notPaired, method, kind } = compareFolders([a, b]);
    expect([kind, notPaired]).toEqual(["run", []]);
    expect(method).toContain("paired by example");
    const [, nll, units] = settings[0]!.figures;
    expect(nll).toMatchObject({ column: { name: "nll", unit: "nats" } });
    close(nll!.differences[0]);
    // A figure that is no mean over examples has no pairs.
    expect(units).toMatchObject({ column: { name: "activeUnits" }, differences: [null] });
  });

  it("show where their specs differ, and nothing else of them", () => {
    expect(compareFolders([a, b]).spec).toEqual([{ path: "objective.beta.value", values: ["1", "4"] }]);
  });

  it("are not paired where they were scored on different data, and it is said which", () => {
    const other = onOtherData(run("c", SECOND, 4));
    const comparison = compareFolders([a, other, b]);
    expect(comparison.notPaired).toEqual([
      "a on the test split of data 9b74c9897bac, c on the test split of data 0123456789ab: scored on different data",
    ]);
    const [, nll] = comparison.settings[0]!.figures;
    expect(nll!.values).toMatchObject([{ value: mean(FIRST) }, { value: mean(SECOND) }, { value: mean(SECOND) }]);
    expect(nll!.differences[0]).toBeNull();
    close(nll!.differences[1]);
    expect(formatComparison(comparison)).toContain("not paired: a on the test split of data 9b74c9897bac, c on");
  });

  it("are a table with the difference from the first", () => {
    const text = formatComparison(compareFolders([a, b]));
    expect(text).toMatch(/^objective\.beta\.value +1 +4$/m);
    expect(text).toMatch(/^NLL +nats ↓ +0\.75 +2\.33 +\+1\.58, from \+0\.70 to \+2\.46 +10$/m);
  });

  it("are a page that asks for nothing from anywhere", async () => {
    const path = await writeComparison(join(root, "pages", "compare.html"), compareFolders([a, b]));
    const page = readFileSync(path, "utf8");
    expect(outsideAddresses(page)).toEqual([]);
    expect(sectionIds(page)).toEqual(["spec", "differences", "figures"]);
    const svg = figureUnder(page, "b minus a");
    expect(svg).toContain("NLL, b: +1.58, from +0.70 to +2.46 nats");
    for (const panel of [0, 1]) {
      const [ring] = circlesOf(svg, `means_${panel}`);
      const from = svg.indexOf(`intervals_${panel}_marks`);
      const [, left, length] =
        /<line transform="translate\(([^,]+),[^)]+\)"[^>]* x2="([^"]+)"/.exec(svg.slice(from)) ?? [];
      expect(ring!.x).toBeCloseTo(Number(left) + Number(length) / 2, 0);
    }
    await expect(writeComparison(join(root, "compare.txt"), compareFolders([a, b]))).rejects.toThrow(
      "does not end in .html",
    );
  });
});

describe("two sweeps", () => {
  it("are paired by seed within each setting that both have", () => {
    const betas = [{ "objective.beta": 1 }, { "objective.beta": 4 }];
    const [a, b] = [sweep("sa", FIRST, betas), sweep("sb", SECOND, [...betas, { "objective.beta": 8 }])];
    const { settings, kind } = compareFolders([a, b]);
    expect(kind).toBe("sweep");
    expect(settings.map(({ setting }) => setting)).toEqual(["beta 1", "beta 4", "beta 8"]);
    for (const { figures } of settings.slice(0, 2)) close(figures[0]!.differences[0]);
    expect(settings[2]!.figures[0]).toMatchObject({ values: [null, { n: 10 }], differences: [null] });
  });

  it("of one setting each are paired whatever tells them apart, by the seeds that both have", () => {
    const [a, b] = [
      sweep("ga", FIRST.concat(7), [{ "model.prior": "gaussian" }]),
      sweep("gb", SECOND, [{ "model.prior": "vamp" }]),
    ];
    const [only] = compareFolders([a, b]).settings;
    expect(only!.setting).toBe("");
    close(only!.figures[0]!.differences[0]);
  });
});

describe("what cannot be compared", () => {
  it("is refused in one line", () => {
    const a = run("x", FIRST, 1);
    const s = sweep("xs", FIRST, [{ "objective.beta": 1 }]);
    expect(refusal([a])).toMatchObject({ code: "USAGE" });
    expect(refusal([a, a]).message).toContain("this folder is given twice");
    expect(refusal([a, s]).message).toContain(`${a} is a run, ${s} is a sweep`);
    expect(refusal([a, join(root, "none")])).toMatchObject({ code: "NOT_FOUND" });
    expect(refusal([a, root])).toMatchObject({ code: "RUN_FOLDER" });
    const unfinished = join(root, "unfinished");
    writeRunFolder(unfinished, { state: "interrupted" });
    expect(refusal([a, unfinished]).message).toContain("metrics.json is not in this folder");
  });
});
