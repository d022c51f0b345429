/** The ten trials of examples/digits-beta.json, from start to finished report, against a script with pythae that does the same. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { build } from "../../scripts/build.mjs";
import { root } from "../../scripts/sources.mjs";
import { summary } from "../child.mjs";
import { digitsFolder, python } from "../setup.mjs";

const THOUSAND = 1e3;
const timed = async (command, args, options) => {
  const started = performance.now();
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 2 ** 26, ...options });
  return { seconds: (performance.now() - started) / THOUSAND, stdout };
};

export const run = async ({ quick, record }) => {
  await build({ types: false });
  const folder = mkdtempSync(join(tmpdir(), "vaelab-bench-"));
  const times = { vaelab: [], "a script with pythae": [] };
  let found = "";
  for (let round = 0; round < (quick ? 1 : 2); round++) {
    const spec = join(root, "examples", "digits-beta.json");
    const mine = await timed(execPath, [join(root, "dist", "cli.js"), "run", spec, "--out", join(folder, `${round}`)]);
    const theirs = await timed(python, [join(root, "bench", "peers", "pythae_sweep.py"), digitsFolder], {
      cwd: join(root, "bench", "peers"),
      env: { ...process.env, OMP_NUM_THREADS: "2" },
    });
    times.vaelab.push(mine.seconds);
    times["a script with pythae"].push(theirs.seconds);
    found = theirs.stdout.trim().split("\n").join("; ");
  }
  rmSync(folder, { recursive: true });
  const participants = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, summary(values)]));
  record({
    title: "ten trials: training, refit, NLL by both encoders, report",
    unit: "s",
    subject: "vaelab",
    participants,
    target: 0.5,
    note: `pythae's figures: ${found}.`,
  });
};
