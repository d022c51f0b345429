/**
 * A metric that no report has ever heard of: a plugin that declares its figures. It touches no file of src/, and shows in the
 * report, the terminal tables, the csv and the comparison.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  compareFolders,
  formatComparison,
  formatRunTable,
  formatSweepTable,
  writeComparison,
} from "../../src/report/index.js";
import type { ExperimentSpec } from "../../src/spec/experiment-schema.js";
import { readJson } from "../../src/storage/json.js";
import { RUN_FILES, type RunMetrics, SWEEP_FILES, type SweepMetrics } from "../../src/storage/layout.js";
import { newFolder, runIn } from "../experiments/support/runs.js";
import { circlesOf, figureUnder } from "./support/page.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-new-metric-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Without vaelab's types, as a plain file: the tilt of example i is i + lift, so two lifts differ by their difference everywhere. */
const PLUGIN = `
const tilt = {
  title: "tilt", unit: "degrees", better: "lower", section: "reconstruction", k: "levels",
  reading: "How far the horizon leans. Lower is better.", bound: "fewer than 5 levels",
};
const grip = {
  title: "grip", unit: "fraction", better: "higher", section: "tasks", by: ["field"], reading: "What is held on to.",
};
const slack = { ...tilt, title: "slack", prominence: "detail", reading: "What hangs loose." };
export default [{
  kind: "metric",
  schema: { type: "object", required: ["type"], additionalProperties: false,
    properties: { type: { const: "leaning" }, lift: { type: "number", default: 0 }, levels: { type: "integer", default: 9 } } },
  figures: { tilt, grip, slack },
  planes: [{ x: { figure: "tilt" }, y: { figure: "slack" }, reading: "Left stands straighter" }],
  create: ({ lift, levels }) => ({
    evaluate: async ({ size }) => {
      const perExample = Float32Array.from({ length: size }, (_, i) => i + lift);
      const value = perExample.reduce((sum, each) => sum + each, 0) / size;
      return { measurements: [
        { figure: "tilt", value, n: size, k: levels, perExample, ...(levels < 5 && { bound: "lower" }) },
        { figure: "grip", field: "rope", value: 0.25, n: size },
        { figure: "slack", value: 3 + lift, n: size },
      ] };
    },
  }),
}];
`;
const plugin = join(root, "leaning.mjs");
writeFileSync(plugin, PLUGIN);

const spec = (lift: number, levels = 9): ExperimentSpec =>
  ({
    name: "leaning",
    plugins: [plugin],
    data: { type: "gaussian", dimensions: 3, train: 100, validation: 20, test: 40 },
    model: {
      latent: 2,
      encoder: { type: "mlp", hidden: [4] },
      decoder: { type: "mlp", hidden: [4] },
      likelihood: "gaussian",
    },
    training: { epochs: 1, batchSize: 50 },
    evaluation: { metrics: ["elbo", { type: "leaning", lift, levels }], refit: { epochs: 0 } },
  }) as unknown as ExperimentSpec;

describe("a plugin's metric", () => {
  let [a, b, sweep] = ["", "", ""];
  beforeAll(async () => {
    [a, b] = [await runIn(spec(0)), await runIn(spec(1.5, 3))];
    sweep = await runIn({ ...spec(2), sweep: { grid: { "model.latent": [2, 3] }, seeds: [1, 2] } }, { jobs: 1 });
  }, 300_000);
  const reportOf = (folder: string): string => readFileSync(join(folder, RUN_FILES.report), "utf8");

  test("is in a run's report: table, tile, section and how to read it", () => {
    const page = reportOf(a);
    // (0 + ... + 39) / 40
    expect(page).toMatch(
      /<th scope="row">tilt<\/th>\s*<td class="number">19\.50*<\/td>\s*<td[^>]*><\/td>\s*<td>degrees<\/td>/,
    );
    expect(page).toMatch(/<li><span class="name">tilt<\/span><span class="value">19\.5/);
    expect(page.indexOf('scope="rowgroup" colspan="7">Reconstruction<')).toBeLessThan(page.indexOf(">tilt</th>"));
    expect(page).toContain(
      "<dt>tilt (degrees; lower is better)</dt><dd>How far the horizon leans. Lower is better.</dd>",
    );
    expect(page).toContain('<th scope="row">grip, rope</th>');
    expect(reportOf(b)).toContain("≥ marks a lower bound: fewer than 5 levels");
  });

  test("is in a run's terminal table", () => {
    const table = formatRunTable(readJson(join(b, RUN_FILES.metrics)) as RunMetrics);
    expect(table).toMatch(/^tilt +≥21 +degrees +n=40 +k=3$/m);
    expect(table).toMatch(/^grip, rope +0\.250 +fraction +n=40$/m);
    expect(table).toContain("≥ marks a lower bound: fewer than 5 levels");
  });

  test("is in the report of a sweep: tables, chart, and the plane that it declares", () => {
    const page = reportOf(sweep);
    expect(page).toMatch(/<button type="button">tilt<\/button><span class="unit-line">degrees<\/span>/);
    expect(circlesOf(figureUnder(page, "Grip, rope by latent"), "seeds")).toHaveLength(4);
    const plane = figureUnder(page, "Slack against tilt");
    expect(circlesOf(plane, "seeds")).toHaveLength(4);
    expect(plane).toContain("Left stands straighter. ");
    expect(plane).toContain("n = 40 examples, k = 9 levels");
  });

  test("is in the terminal table of a sweep, but for its details", () => {
    const table = formatSweepTable(readJson(join(sweep, SWEEP_FILES.metrics)) as SweepMetrics);
    const [heads = "", units = ""] = table.split("\n");
    expect(heads).toMatch(/tilt +grip, rope$/);
    expect(units).toMatch(/degrees ↓ +fraction ↑$/);
    expect(table).toMatch(/21\.50 ± 0 +0\.250 ± 0/);
    expect(table).toMatch(/^only in the report: slack$/m);
  });

  test("is in the csv of a sweep", () => {
    const [head = "", ...rows] = readFileSync(join(sweep, SWEEP_FILES.summary), "utf8").trim().split("\n");
    const columns = ["tilt", "grip.rope", "slack"].map((name) => head.split(",").indexOf(name));
    for (const row of rows) expect(columns.map((column) => row.split(",")[column])).toEqual(["21.5", "0.25", "5"]);
    expect(rows).toHaveLength(4);
  });

  test("is compared by example, with what is better", async () => {
    const comparison = compareFolders([a, b]);
    const [label] = comparison.subjects.slice(1).map((subject) => subject.label);
    expect(formatComparison(comparison)).toMatch(
      /^tilt +degrees ↓ +19\.50* +≥ 21 +\+1\.50*, from \+1\.50* to \+1\.50* +40$/m,
    );
    const page = readFileSync(await writeComparison(join(newFolder(), "c.html"), comparison), "utf8");
    expect(page).toMatch(
      /tilt<\/td><td>degrees<\/td>.*?<strong>\+1\.50*, from \+1\.50* to \+1\.50*<\/strong> <span class="spread">worse<\/span>/,
    );
    expect(page).toContain(`tilt, ${label}: +1.5`);
  });
});
