/**
 * Errors of M1+M2 with ten labels a class beside the same classifier trained on the labeled pixels alone, M2 on pixels, and
 * classifiers on M1's codes, over five draws of the labels:
 *
 *     node scripts/build.mjs && node bench/semi-supervised/run.mjs [--tune] [--python PYTHON] [--out FOLDER] [--jobs N]
 *
 * `--tune` scores the validation split instead, with other draws and another M1: whatever was chosen was chosen there. PYTHON has
 * scikit-learn; without it the classifiers on codes are left out. What is there already is not run again.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const here = import.meta.dirname;
const { values: options } = parseArgs({
  options: {
    tune: { type: "boolean", default: false },
    python: { type: "string" },
    out: { type: "string", default: join(here, "../results/semi-supervised") },
    jobs: { type: "string", default: "2" },
  },
});
const [draws, seed, split] = options.tune ? [[101, 102], 101, "validation"] : [[1, 2, 3, 4, 5], 1, "test"];
const folder = resolve(options.out, options.tune ? "tuning" : "reported");
const vaelab = (...args) =>
  execFileSync(process.execPath, [join(here, "../../dist/cli.js"), ...args], { stdio: "inherit" });
const set = (changes) =>
  Object.entries(changes).flatMap(([path, value]) => ["--set", `${path}=${JSON.stringify(value)}`]);
const readJson = (...path) => JSON.parse(readFileSync(join(...path), "utf8"));

const once = (spec, name, changes, more = []) => {
  const out = join(folder, name);
  const whole = existsSync(join(out, "metrics.json"));
  if (!whole && existsSync(out)) vaelab("resume", out, ...more);
  else if (!whole) vaelab("run", join(here, spec), "--out", out, ...more, ...set(changes));
  return out;
};
const m1 = once("../../examples/digits-m1.json", "m1", { seed });

const SIZE = 1000;
/** Errors by draw of the labels, in their order. */
const errorsOf = (spec, name, changes) => {
  const scored = { "evaluation.split": split, "data.validationLabels": options.tune };
  const sweep = { grid: { "data.seed": draws }, seeds: [seed] };
  const out = once(spec, name, { ...changes, ...scored, sweep }, ["--jobs", options.jobs]);
  const { points } = readJson(out, "metrics.json");
  return draws.map((draw) => {
    const { measurements } = points.find(({ choices }) => choices["data.seed"] === draw);
    return Math.round(SIZE * (1 - measurements["accuracy.label"].value));
  });
};
const found = {
  "M1+M2": errorsOf("../../examples/digits-m1-m2.json", "m1-m2", { "data.of.from": m1 }),
  "the same classifier, labeled pixels alone": errorsOf("supervised.json", "supervised", {}),
};
if (options.python) {
  const folders = draws.map((draw) => {
    const out = once("labeled-codes.json", `codes-${draw}`, { "from.run": m1, "data.seed": draw, seed });
    for (const name of ["train", split])
      if (!existsSync(join(out, "samples", `codes-${name}.npz`))) vaelab("encode", out, "--split", name);
    return join(out, "samples");
  });
  const classifiers = execFileSync(options.python, [join(here, "codes.py"), split, ...folders], { encoding: "utf8" });
  Object.assign(found, JSON.parse(classifiers));
}

found["M2 on pixels"] = errorsOf("m2-pixels.json", "m2-pixels", {});

/** Two-sided Student t, 95 %, by degrees of freedom (Abramowitz & Stegun, table 26.10). */
const CRITICAL = { 1: 12.706, 4: 2.776 };
const interval = (values) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, half: CRITICAL[values.length - 1] * Math.sqrt(variance / values.length) };
};
const baseline = found["the same classifier, labeled pixels alone"];
const rows = Object.entries(found).map(([name, errors]) => {
  const difference = interval(errors.map((value, i) => value - baseline[i]));
  const versus = errors === baseline ? "" : `${difference.mean.toFixed(1)} ± ${difference.half.toFixed(1)}`;
  return `| ${name} | ${errors.join(", ")} | ${interval(errors).mean.toFixed(1)} | ${versus} |`;
});
const table = [
  `| errors of ${SIZE} (${split}), by draw of the labels ${draws.join(", ")} | each | mean | less the labeled pixels' |`,
  "| --- | --- | --- | --- |",
  ...rows,
].join("\n");
writeFileSync(join(folder, "table.md"), `${table}\n`);
console.log(table);
