/** Names, keys, units and paths that hold what a terminal obeys: shown, never obeyed, and on one line. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeNpy } from "../../src/storage/npy.js";
import { buildOnce, folderOf, type Result, SMALL, vaelab } from "./command.js";

const shared = mkdtempSync(join(tmpdir(), "vaelab-cli-text-"));
afterAll(() => rmSync(shared, { recursive: true, force: true }));
beforeAll(async () => {
  buildOnce();
  writeFileSync(join(shared, "small.json"), JSON.stringify(SMALL));
  const { code, stderr } = await vaelab(["run", "small.json", "--out", "done"], { cwd: shared });
  expect(code, stderr).toBe(0);
});

/** Clears the screen, by both introducers; writes a line of its own; turns the reading direction. */
const EVIL = "\u001b[2J\u009b2J\ngone\r\u202e\u0007";
const SHOWN = "\\u001b[2J\\u009b2J\\ngone\\r\\u202e\\u0007";

const harmless = ({ stdout, stderr }: Result): string => {
  const all = stdout + stderr;
  expect(all.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(all).not.toMatch(/^gone/m);
  return all;
};

const vector = { ...SMALL, model: { ...SMALL.model, likelihood: "gaussian" } };

describe("what is named in an error", () => {
  test.each<[string, object, Record<string, string | Uint8Array>, string]>([
    ["a key", { ...SMALL, [EVIL]: 1 }, {}, SHOWN],
    ["a component", { ...SMALL, model: { ...SMALL.model, prior: EVIL } }, {}, SHOWN],
    ["a spec that is extended", { ...SMALL, extends: [`./${EVIL}`] }, {}, SHOWN],
    ["a plugin", { ...SMALL, plugins: [`./${EVIL}.mjs`] }, {}, SHOWN],
    ["a data file", { ...vector, data: { type: "npy", values: `${EVIL}.npy` } }, {}, SHOWN],
    [
      "a column of a table",
      { ...vector, data: { type: "csv", file: "a.csv" } },
      { "a.csv": `"${EVIL}","${EVIL}"\n1,2\n` },
      // It was quoted already.
      "\\u001b[2J\\u009b2J",
    ],
    [
      "a member of an archive",
      { ...vector, data: { type: "npz", file: "a.npz", values: "none" } },
      { "a.npz": zipSync({ [`${EVIL}.npy`]: encodeNpy({ shape: [1], data: new Float32Array(1) }) }) },
      SHOWN,
    ],
  ])("%s", async (_, spec, files, shown) => {
    const folder = folderOf({ "a.json": spec });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const text = await vaelab(["validate", "a.json"], { cwd: folder });
    expect(text.code).toBe(2);
    expect(harmless(text)).toContain(shown);
    const json = await vaelab(["validate", "a.json", "--json"], { cwd: folder });
    harmless(json);
    expect(json.records()).toMatchObject([{ type: "error" }]);
  });
  test("an argument", async () => {
    for (const args of [
      [EVIL],
      ["describe", `prior/${EVIL}`],
      ["list", EVIL],
      ["run", "x", `--${EVIL}`],
      ["sample", EVIL],
    ])
      expect(harmless(await vaelab(args, { cwd: folderOf() }))).toContain("\\u001b[2J");
  });
});

test("what a run's folder says: its path, units and notes, in tables and in JSON", async () => {
  const folder = folderOf();
  const run = join(folder, EVIL);
  cpSync(join(shared, "done"), run, { recursive: true });
  const file = join(run, "metrics.json");
  const metrics = JSON.parse(readFileSync(file, "utf8")) as Record<"figures" | "measurements", Record<string, object>>;
  const changed = (all: Record<string, object>, more: object) =>
    Object.fromEntries(Object.entries(all).map(([name, each]) => [name, { ...each, ...more }]));
  const figures = changed(metrics.figures, { title: EVIL, unit: EVIL });
  const measurements = changed(metrics.measurements, { note: EVIL, unit: EVIL });
  writeFileSync(
    file,
    JSON.stringify({ ...metrics, figures, measurements: { ...measurements, [EVIL]: measurements.rate } }),
  );
  const resumed = await vaelab(["resume", EVIL], { cwd: folder });
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(harmless(resumed)).toContain(SHOWN);
  expect(harmless(await vaelab(["report", EVIL], { cwd: folder }))).toContain(SHOWN);
  const json = await vaelab(["compare", EVIL, join(shared, "done"), "--json"], { cwd: folder });
  harmless(json);
  expect(JSON.stringify(json.records())).toContain(JSON.stringify(EVIL).slice(1, -1));
  harmless(await vaelab(["compare", EVIL, join(shared, "done")], { cwd: folder }));
});

test("what a plugin names, in tables, warnings and the log of the run", async () => {
  const plugin = `
    const EVIL = ${JSON.stringify(EVIL)};
    const title = EVIL;
    export default [
      { kind: "schedule", schema: { type: "object", title, required: ["type"], additionalProperties: false,
          properties: { type: { const: "turning" }, at: { type: "number", default: 1, description: EVIL } } },
        create: () => ({ at: () => 1, final: 1, end: 0 }) },
      { kind: "prior", schema: { type: "object", title, required: ["type"], additionalProperties: false, properties: { type: { const: "evil" } } },
        capabilities: () => ["density"], create: () => { throw new Error(EVIL); } },
    ];`;
  const sweep = { grid: { "objective.samples": [1, 2] }, seeds: [1] };
  const folder = folderOf({
    "a.mjs": plugin,
    "a.json": { ...SMALL, plugins: ["./a.mjs"], model: { ...SMALL.model, prior: "evil" }, sweep },
  });
  mkdirSync(join(folder, "x"));
  expect(harmless(await vaelab(["list", "schedule", "--plugin", "./a.mjs"], { cwd: folder }))).toContain(SHOWN);
  expect(harmless(await vaelab(["describe", "schedule/turning", "--plugin", "./a.mjs"], { cwd: folder }))).toContain(
    SHOWN,
  );
  const failed = await vaelab(["run", "a.json", "--out", "sweep", "--jobs", "2"], { cwd: folder });
  expect(failed.code, failed.stderr).toBe(1);
  expect(harmless(failed)).toContain("\\u001b[2J");
});
