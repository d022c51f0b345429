/** Damaged data files through the command line: one line that says where and what, exit 2, nothing written, no memory taken. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Case, writeAll } from "../data/support/damage.js";
import { DAMAGED_HEADERS } from "../data/support/damaged-headers.js";
import { DAMAGED_VALUES } from "../data/support/damaged-values.js";
import { type Program, program } from "../support/process.js";

const SPEC = {
  name: "damaged",
  model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
  training: { epochs: 1, batchSize: 2 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
};
/**
 * Runs one command in each folder, and writes what came of each to a file. The peak is the largest memory of the process so far, in
 * KiB, so a bound that it keeps is kept by every command. Linux lets a child's maxRSS begin at its parent's, which may be a test
 * process of more than a gigabyte; VmHWM is the child's own.
 */
const COMMANDS = `
import { readFileSync, writeFileSync } from "node:fs";
import { runProgram } from "./src/cli/program.js";
const [command, list, results] = process.argv.slice(2);
const peak = () =>
  process.platform === "linux"
    ? Number(/VmHWM:\\s+(\\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))![1])
    : process.resourceUsage().maxRSS;
const written = { stdout: "", stderr: "" };
for (const name of ["stdout", "stderr"] as const)
  process[name].write = (text: string | Uint8Array) => {
    written[name] += text;
    return true;
  };
const all = [];
for (const folder of JSON.parse(readFileSync(list, "utf8"))) {
  Object.assign(written, { stdout: "", stderr: "" });
  process.chdir(folder);
  const code = await runProgram([command, "spec.json"]);
  all.push({ ...written, code, peak: peak() });
}
writeFileSync(results, JSON.stringify(all));
`;
interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  peak: number;
}

const everythingIn = (at: string): string[] =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

let commands: Program;
beforeAll(async () => {
  commands = await program(COMMANDS);
});
afterAll(() => commands?.remove());

/** @param mebibytes that no command takes more than */
const areRefused = (command: string, cases: readonly Case[], mebibytes: number): void => {
  const scratch = mkdtempSync(join(tmpdir(), "vaelab-damaged-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  const folders: string[] = [];
  let before: string[][];
  let outcomes: Outcome[];
  beforeAll(async () => {
    for (const [, data, files] of cases) {
      const folder = mkdtempSync(join(scratch, "case-"));
      folders.push(folder);
      writeFileSync(join(folder, "spec.json"), JSON.stringify({ ...SPEC, data }));
      writeAll(folder, files);
    }
    before = folders.map(everythingIn);
    const [list, results] = [join(scratch, "list.json"), join(scratch, "results.json")];
    writeFileSync(list, JSON.stringify(folders));
    const { status, stderr } = await commands.run([command, list, results]);
    expect(status, stderr).toBe(0);
    outcomes = JSON.parse(readFileSync(results, "utf8")) as Outcome[];
  });
  test.each(cases.map(([name, , , message], index) => ({ name, message, index })))("$name", ({ message, index }) => {
    const { code, stdout, stderr, peak } = outcomes[index]!;
    const lines = stderr.trimEnd().split("\n");
    expect(lines.at(-1)).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
    // Nothing but what was there; a run says that it loads data, on lines before the error.
    expect(everythingIn(folders[index]!)).toEqual(before[index]);
    if (command === "validate") expect(lines).toHaveLength(1);
    expect(peak).toBeGreaterThan(0);
    expect(peak / 1024).toBeLessThan(mebibytes);
  });
};

// What headers, labels and tables tell.
describe("is refused by validate, cheaply", () => areRefused("validate", DAMAGED_HEADERS, 220));
// What only the values tell.
describe("is refused by run, with nothing left behind", () => areRefused("run", DAMAGED_VALUES, 600));
