/** Figures that are not finite: the table of all figures is printed, with the reason, and the error after it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { npyFile } from "../data/support/damage.js";
import { buildOnce, vaelab } from "./command.js";

const cwd = mkdtempSync(join(tmpdir(), "vaelab-cli-not-finite-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Rows of three numbers; `huge` is the place of one whose square is beyond single precision. */
const array = (rows: number, huge?: number): Buffer => {
  const values = Float32Array.from({ length: rows * 3 }, (_, i) => (i === huge ? 1e30 : Math.sin(i)));
  return npyFile("<f4", `(${rows}, 3)`, new Uint8Array(values.buffer));
};
const SPEC = {
  name: "huge",
  data: { type: "npy", values: "x.npy", testValues: "test.npy" },
  model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
  training: { epochs: 1, batchSize: 32 },
  evaluation: { metrics: ["elbo", "active-units"], refit: { epochs: 0 } },
};
beforeAll(() => {
  buildOnce();
  writeFileSync(join(cwd, "x.npy"), array(120));
  writeFileSync(join(cwd, "test.npy"), array(10, 13));
  writeFileSync(join(cwd, "run.json"), JSON.stringify(SPEC));
  const sweep = { grid: { "evaluation.split": ["validation", "test"] } };
  writeFileSync(join(cwd, "sweep.json"), JSON.stringify({ ...SPEC, sweep }));
});

test("of a run, when it is started, resumed and scored again", { timeout: 120_000 }, async () => {
  for (const args of [
    ["run", "run.json", "--out", "run"],
    ["resume", "run"],
    ["evaluate", "run"],
  ]) {
    const { code, stdout, stderr } = await vaelab(args, { cwd });
    expect(code, stderr).toBe(1);
    expect(stdout).toMatch(/^active units +\d+ /m);
    expect(stdout).toMatch(/^distortion +null .*(the value is (Infinity|NaN), not a finite number|\[\d\])/m);
    expect(stdout).toMatch(args[0] === "evaluate" ? /^written to: /m : /^report: /m);
    expect(stderr).toMatch(/figures are not finite: .*distortion is (Infinity|NaN)/);
  }
});

test("of a trial: the sweep's table has every figure that is finite", { timeout: 120_000 }, async () => {
  for (const args of [
    ["run", "sweep.json", "--out", "sweep"],
    ["resume", "sweep"],
  ]) {
    const { code, stdout, stderr } = await vaelab(args, { cwd });
    expect(code, stderr).toBe(1);
    expect(stdout).toContain("null (");
    expect(stdout).toMatch(/^test .*null/m);
    expect(stdout).toMatch(/^validation .*\d/m);
    expect(stdout).toMatch(/^report: /m);
    expect(stderr).toContain("1 of 2 trials finished with figures that are not finite");
    expect(stderr).not.toContain("failed");
  }
});
