/**
 * The plugin of test/consumer, in a project with the package installed: a bijection, a posterior of its own class and a closed-form KL
 * train captured beside built-in priors and an observed label, and are scored. scripts/check-package.mjs runs the plugin's own tests.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { transpile } from "../docs/compile.js";
import { root } from "../structure/rooms.js";
import { buildOnce, folderOf, vaelabProcess } from "./command.js";

beforeAll(buildOnce);

const project = (): string => {
  const folder = folderOf({ "package.json": { name: "stranger", private: true, type: "module" } });
  for (const inner of ["node_modules", "built"]) mkdirSync(join(folder, inner));
  symlinkSync(root, join(folder, "node_modules", "vaelab"), "dir");
  const source = join(root, "test", "consumer");
  cpSync(join(source, "gumbel.json"), join(folder, "gumbel.json"));
  writeFileSync(join(folder, "built", "gumbel.js"), transpile(readFileSync(join(source, "gumbel.ts"), "utf8")));
  return folder;
};

interface Measurements {
  measurements: Readonly<Record<string, { value: number | null; note?: string }>>;
}
const metricsOf = (run: string): Measurements["measurements"] =>
  (JSON.parse(readFileSync(join(run, "metrics.json"), "utf8")) as Measurements).measurements;

test("with `vamp`, `gaussian-mixture` and a label, its flow trains captured and has an NLL", {
  timeout: 180_000,
}, async () => {
  const cwd = project();
  const { code, stderr } = await vaelabProcess(
    ["run", "gumbel.json", "--set", "capture=require", "--jobs", "1", "--out", "swept"],
    { cwd },
  );
  expect(code, stderr).toBe(0);
  const trials = readdirSync(join(cwd, "swept", "trials"));
  expect(trials).toHaveLength(2);
  for (const trial of trials) {
    const { nll, elbo } = metricsOf(join(cwd, "swept", "trials", trial, "attempt-1"));
    // Importance weighting tightens the bound: NLL <= -ELBO, in nats of 784 pixels.
    expect(nll!.value).toBeGreaterThan(50);
    expect(nll!.value!).toBeLessThan(-elbo!.value!);
  }
});
