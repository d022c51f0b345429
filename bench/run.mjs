/**
 * vaelab beside PyTorch and pythae on this machine: `npm run bench [-- --quick] [-- --only training,pythae]`. All take turns in
 * one run on the same arrays, nets, batch and steps, with two threads each. Writes bench/results/CASE.json (for every case
 * that ran), bench/RESULTS.md and bench/cost.svg.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { drawCost } from "./plot.mjs";
import { results, setUp } from "./setup.mjs";
import { lines, writeTable } from "./table.mjs";

/** In order of importance; the first ones make the quick run. */
const ORDER = [
  "training",
  "structures",
  "objectives",
  "pythae",
  "cost",
  "likelihood",
  "bulk",
  "startup",
  "serving",
  "endurance",
  "sweep",
];
const QUICK = ["training", "pythae", "cost", "startup"];

const quick = argv.includes("--quick");
const only = argv.includes("--only") ? argv[argv.indexOf("--only") + 1].split(",") : undefined;
const there = readdirSync(join(results, "..", "cases")).map((file) => file.replace(".mjs", ""));
const chosen = ORDER.filter((name) => there.includes(name) && (only ?? (quick ? QUICK : ORDER)).includes(name));

await setUp();
for (const name of chosen) {
  const { run } = await import(`./cases/${name}.mjs`);
  const rows = [];
  const started = { at: new Date().toISOString(), load: loadavg()[0] };
  const save = () => {
    const contents = { case: name, quick, ...started, loadAfter: loadavg()[0], rows };
    writeFileSync(join(results, `${name}.json`), `${JSON.stringify(contents, null, 2)}\n`);
  };
  const record = (row) => {
    rows.push(row);
    save();
    console.log(lines(row).join("\n"));
  };
  try {
    await run({ quick, record });
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name}: ${error.message}`);
  }
}
await drawCost();
writeTable();
console.log("written: bench/RESULTS.md");
// The children of a case that failed still wait for questions.
process.exit();
