/**
 * `npm run check:new`: adds a scratch component of every kind that has a template, in a copy of the checkout, and follows it:
 * types, lint, structure, its test, list, describe, schema, catalogue, and for the metric a sweep's terminal table, report,
 * summary and comparison. The copy is deleted at the end.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import { scaffold } from "./new.mjs";
import { root } from "./sources.mjs";
import { elapsed, step } from "./steps.mjs";

const KINDS = readdirSync(join(root, "scripts", "templates"))
  .filter((name) => !name.endsWith(".test.ts.txt"))
  .map((name) => name.replace(".ts.txt", ""));
const typeOf = (kind) => `scratch-${kind}`;

const copy = mkdtempSync(join(tmpdir(), "vaelab-new-"));
const node = (...args) => {
  const { status, stdout, stderr } = spawnSync(execPath, args, { cwd: copy, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0)
    throw new Error(`${args.join(" ")} ended with ${status}\n${stdout.slice(-3000)}${stderr.slice(-3000)}`);
  return stdout;
};
const bin = (path) => join(copy, "node_modules", path);
const vaelab = (...args) => node("dist/cli.js", ...args);
const has = (where, text, what) => {
  if (!text.includes(what)) throw new Error(`${where} lacks "${what}"`);
};

const experiment = {
  name: "scratch",
  data: { type: typeOf("dataset"), train: 256, validation: 64, test: 64 },
  model: {
    latent: 2,
    encoder: typeOf("encoder"),
    posterior: typeOf("posterior"),
    prior: typeOf("prior"),
    decoder: typeOf("decoder"),
    likelihood: typeOf("likelihood"),
  },
  objective: { type: typeOf("objective"), weight: { type: typeOf("schedule"), initial: 1 } },
  regularizers: [typeOf("regularizer")],
  training: { epochs: 2, batchSize: 32, optimizer: typeOf("optimizer") },
  capture: "require",
  evaluation: { metrics: ["elbo", typeOf("metric")], samplers: [typeOf("sampler")], refit: { epochs: 0 } },
  sweep: { grid: { "model.latent": [1, 2] }, seeds: [1] },
};

/** The kinds that stand in a slot of another component, in a run of their own. */
const nested = {
  ...experiment,
  name: "nested",
  model: {
    ...experiment.model,
    encoder: { type: "layers", layers: [typeOf("layer"), "flatten"] },
    prior: { type: "flow", layers: [typeOf("bijection")] },
  },
  sweep: undefined,
};

try {
  await step("copy", () => {
    const { stdout } = spawnSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" });
    for (const file of stdout.split("\0").filter(Boolean)) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      cpSync(join(root, file), join(copy, file));
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
  });
  const tests = await step("scaffold", () =>
    KINDS.map((kind) => {
      const written = scaffold(kind, typeOf(kind), { base: copy });
      if (written.length !== 3) throw new Error(`${kind}: ${written.length} files`);
      return written[1];
    }),
  );
  await step("format and types", () => {
    node(bin("@biomejs/biome/bin/biome"), "format", "--write", "--vcs-enabled=false", "src", "test");
    node(bin("@biomejs/biome/bin/biome"), "lint", "--vcs-enabled=false", "src", "test");
    node(bin("typescript/bin/tsc"), "-p", "tsconfig.json", "--noEmit", "--incremental", "false");
  });
  await step("tests", () => node(bin("vitest/vitest.mjs"), "run", "test/structure", ...tests));
  await step("build and schemas", () => {
    node("scripts/build.mjs", "--no-types", "--force");
    node("scripts/export-schemas.mjs");
  });
  await step("list, describe, schema, catalogue", () => {
    const schema = readFileSync(join(copy, "schemas", "experiment.schema.json"), "utf8");
    const catalogue = readFileSync(join(copy, "docs", "catalogue.md"), "utf8");
    const list = vaelab("list");
    for (const kind of KINDS) {
      has("vaelab list", list, typeOf(kind));
      has("vaelab describe", vaelab("describe", `${kind}/${typeOf(kind)}`), typeOf(kind));
      has("the schema", schema, `"${typeOf(kind)}"`);
      has("the catalogue", catalogue, `\`${typeOf(kind)}\``);
    }
  });
  await step("sweep, report, comparison", () => {
    writeFileSync(join(copy, "scratch.json"), JSON.stringify(experiment));
    const table = vaelab("run", "scratch.json", "--out", "swept", "--jobs", "1");
    const title = typeOf("metric").replaceAll("-", " ");
    has("the terminal table", table, title);
    has("the report", readFileSync(join(copy, "swept", "report.html"), "utf8"), title);
    has("the summary", readFileSync(join(copy, "swept", "summary.csv"), "utf8"), "scratchMetric");
    const trials = readdirSync(join(copy, "swept", "trials")).map((id) => join("swept", "trials", id, "attempt-1"));
    has("the comparison", vaelab("compare", ...trials), title);
  });
  await step("layer and bijection", () => {
    writeFileSync(join(copy, "nested.json"), JSON.stringify(nested));
    has("the terminal table", vaelab("run", "nested.json", "--out", "nested"), typeOf("metric").replaceAll("-", " "));
  });
  console.log(`${KINDS.length} kinds, 3 files each, found everywhere: ${elapsed()}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
