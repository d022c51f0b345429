/**
 * Start-up of the command line, as milliseconds over bare Node: `node bench/startup.mjs [repetitions]`. Commands take turns,
 * so that whatever else the machine does falls on all of them alike; medians and minima are printed.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { argv, execPath } from "node:process";
import { build } from "../scripts/build.mjs";
import { root } from "../scripts/sources.mjs";

const cli = join(root, "dist", "cli.js");
const spec = join(root, "examples", "digits-beta.json");
const COMMANDS = {
  "node -e 0": ["-e", "0"],
  "vaelab --help": [cli, "--help"],
  "vaelab run --help": [cli, "run", "--help"],
  "vaelab list": [cli, "list"],
  ...(existsSync(spec) ? { "vaelab validate examples/digits-beta.json": [cli, "validate", spec] } : {}),
};
const repetitions = Number(argv[2] ?? 20);

await build({ types: false });
const times = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, []]));
for (let i = 0; i <= repetitions; i++) {
  for (const [name, args] of Object.entries(COMMANDS)) {
    const from = performance.now();
    const { status, stderr } = spawnSync(execPath, args, { encoding: "utf8" });
    const took = performance.now() - from;
    if (status !== 0) throw new Error(`${name} exited with ${status}: ${stderr}`);
    // The first round fills the file cache.
    if (i > 0) times[name].push(took);
  }
}
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const bare = { median: median(times["node -e 0"]), least: Math.min(...times["node -e 0"]) };
console.log(`${"command".padEnd(44)} median   over bare Node   (minimum, over bare Node)`);
for (const [name, values] of Object.entries(times)) {
  const [middle, least] = [median(values), Math.min(...values)];
  const cells = [middle, middle - bare.median, least, least - bare.least].map((value) => `${value.toFixed(0)} ms`);
  console.log(`${name.padEnd(44)} ${cells[0].padStart(6)} ${cells[1].padStart(12)}       (${cells[2]}, ${cells[3]})`);
}
