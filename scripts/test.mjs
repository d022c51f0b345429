/**
 * `npm test`: every check, each timed, none skipped because an earlier one failed; exit 1 when any did.
 *
 *     npm test -- [--require-native] [--no-coverage] [--counts FILE]
 *
 * `--require-native` makes the native engine one of the checks; `--counts` writes { passed, failed } to a file.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./sources.mjs";
import { elapsed, ensureDependencies, ensureNativeEngine, node, requireNode, step } from "./steps.mjs";

const { values: options } = parseArgs({
  options: { "require-native": { type: "boolean" }, "no-coverage": { type: "boolean" }, counts: { type: "string" } },
});
const bin = (name, file) => join(root, "node_modules", name, file);
const results = [];

/** Each check resolves to { passed, failed }; one that throws has failed. */
const check = async (name, work) => {
  const from = performance.now();
  let outcome;
  try {
    outcome = await step(name, work);
  } catch (error) {
    console.error(`   ${name}: ${error.message}`);
    outcome = { passed: 0, failed: 1 };
  }
  results.push({ name, seconds: (performance.now() - from) / 1000, ...outcome });
};
const one = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 });
const succeeds = async (args) => one((await node(args)) === 0);

/** Of src/, in percent; what runs in programs that a test starts, such as the command line, is not counted. */
const sayCoverage = (path) => {
  if (!existsSync(path)) return "Coverage was not measured";
  const { lines, branches } = JSON.parse(readFileSync(path, "utf8")).total;
  const share = ({ pct }, what) => `${pct.toFixed(1)} % of ${what}`;
  return `Coverage of src/: ${share(lines, "lines")}, ${share(branches, "branches")}, without what child processes run (test/cli)`;
};
let coverage;

/** Counts tests, not files: a file that could not be loaded, or an error outside every test, is a failure of its own. */
const unitTests = async () => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-test-"));
  try {
    const report = join(folder, "vitest.json");
    const status = await node([
      bin("vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...(options["no-coverage"]
        ? []
        : ["--coverage", "--coverage.reporter=json-summary", `--coverage.reportsDirectory=${folder}`]),
    ]);
    if (!options["no-coverage"]) coverage = sayCoverage(join(folder, "coverage-summary.json"));
    if (!existsSync(report)) throw new Error("vitest ended without a report");
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    const unloaded = testResults.filter(
      ({ status, assertionResults }) =>
        status === "failed" && assertionResults.every((test) => test.status !== "failed"),
    );
    const failed = numFailedTests + unloaded.length;
    return { passed: numPassedTests, failed: status !== 0 && failed === 0 ? 1 : failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

try {
  requireNode();
  await ensureDependencies();
  const { build } = await import("./build.mjs");
  await check("build", async () => {
    await build();
    return one(true);
  });
  const native = async () => {
    if (!(await ensureNativeEngine())) return one(false);
    // Installed is not yet working: it is asked to compute.
    const { stdout } = spawnSync(process.execPath, [join(root, "dist", "cli.js"), "doctor", "--json"], {
      encoding: "utf8",
    });
    const { engine, candidates } = JSON.parse(stdout);
    for (const problem of candidates.find(({ name }) => name === "native").problems) console.error(`   ${problem}`);
    return one(engine === "native");
  };
  if (options["require-native"]) await check("the native engine works", native);
  else if ((await native()).failed) {
    console.log(
      "No native engine, for the reason above: tests compute on WebAssembly, and those of the engine itself fail.",
    );
    process.env.VAELAB_TEST_ENGINE ??= "wasm";
  }
  await check("types", () => succeeds([bin("typescript", "bin/tsc"), "-p", "tsconfig.json", "--noEmit"]));
  await check("lint and format", () => succeeds([bin("@biomejs/biome", "bin/biome"), "check", "."]));
  await check("schemas and catalogue are those of the components", () =>
    succeeds(["scripts/export-schemas.mjs", "--check"]),
  );
  await check("unit tests", unitTests);
  await check("the packed package in an empty project", () => succeeds(["scripts/check-package.mjs"]));
} catch (error) {
  console.error(error.message);
  results.push({ name: "setting up", seconds: 0, passed: 0, failed: 1 });
}

const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
console.log("");
for (const { name, seconds, passed, failed } of results)
  console.log(
    `${failed ? "FAIL" : "ok  "}  ${name.padEnd(48)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`,
  );
if (coverage) console.log(coverage);
console.log(`${elapsed()} in all\n${total("passed")} passed, ${total("failed")} failed`);
if (options.counts) writeFileSync(options.counts, JSON.stringify({ passed: total("passed"), failed: total("failed") }));
process.exitCode = total("failed") ? 1 : 0;
