/** Damaged data files through the command line: one line that says where and what, exit 2, nothing written, no memory taken. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { type Case, writeAll } from "../data/support/damage.js";
import { DAMAGED_HEADERS } from "../data/support/damaged-headers.js";
import { DAMAGED_VALUES } from "../data/support/damaged-values.js";
import { buildOnce, folderOf, vaelabProcess } from "./command.js";

beforeAll(buildOnce);

const SPEC = {
  name: "damaged",
  model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
  training: { epochs: 1, batchSize: 2 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
};
/**
 * Writes the process's largest memory, in KiB, to a file when it ends. Linux lets a child's maxRSS begin at its parent's, which may
 * be a test process of more than a gigabyte; VmHWM is the child's own.
 */
const WATCH = `import { readFileSync, writeFileSync } from "node:fs";
const ownPeak = () => /VmHWM:\\s+(\\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1];
process.on("exit", () =>
  writeFileSync(process.env.PEAK, process.platform === "linux" ? ownPeak() : String(process.resourceUsage().maxRSS)),
);
`;

const everythingIn = (at: string): string[] =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const refused = async (command: string, data: Case[1], files: Case[2], message: string): Promise<number> => {
  const cwd = folderOf({ "spec.json": { ...SPEC, data } });
  writeAll(cwd, files);
  const before = everythingIn(cwd);
  const watch = folderOf({ "watch.mjs": WATCH });
  const peak = join(watch, "peak");
  const { code, stdout, stderr } = await vaelabProcess([command, "spec.json"], {
    cwd,
    env: { PEAK: peak, NODE_OPTIONS: `--import ${pathToFileURL(join(watch, "watch.mjs"))}` },
  });
  const lines = stderr.trimEnd().split("\n");
  expect(lines.at(-1)).toContain(message);
  expect(stdout).toBe("");
  expect(code).toBe(2);
  // Nothing but what was there; a run says that it loads data, on lines before the error.
  expect(everythingIn(cwd)).toEqual(before);
  if (command === "validate") expect(lines).toHaveLength(1);
  expect(existsSync(peak) && statSync(peak).size > 0).toBe(true);
  return Number(readFileSync(peak, "utf8")) / 1024;
};

// What headers, labels and tables tell.
describe("is refused by validate, cheaply", () => {
  test.each(DAMAGED_HEADERS)("%s", async (_, data, files, message) => {
    expect(await refused("validate", data, files, message)).toBeLessThan(220);
  });
});
// What only the values tell.
describe("is refused by run, with nothing left behind", () => {
  test.each(DAMAGED_VALUES)("%s", async (_, data, files, message) => {
    expect(await refused("run", data, files, message)).toBeLessThan(600);
  });
});
