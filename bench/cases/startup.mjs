/** From `vaelab run` to the first step: the built command, until it reports its first training step; in seconds. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { build } from "../../scripts/build.mjs";
import { root } from "../../scripts/sources.mjs";
import { summary } from "../child.mjs";

const once = () =>
  new Promise((resolve, reject) => {
    const folder = mkdtempSync(join(tmpdir(), "vaelab-bench-"));
    const started = performance.now();
    const spec = join(root, "bench", "first-step.json");
    const child = spawn(execPath, [join(root, "dist", "cli.js"), "run", spec, "--json", "--out", join(folder, "run")]);
    let seen = "";
    let took;
    const look = (text) => {
      seen += text;
      if (took === undefined && /"type":"progress","name":"training"/.test(seen)) {
        took = (performance.now() - started) / 1e3;
        child.kill();
      }
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("close", () => {
      rmSync(folder, { recursive: true, force: true });
      if (took === undefined) reject(new Error(`no step was reported: ${seen.slice(-500)}`));
      else resolve(took);
    });
  });

export const run = async ({ quick, record }) => {
  await build({ types: false });
  const times = [];
  for (let i = 0; i < (quick ? 3 : 7); i++) times.push(await once());
  const name = "vaelab run, to the first step";
  record({ title: "MLP 784-400-20, B=128", unit: "s", subject: name, participants: { [name]: summary(times) } });
};
