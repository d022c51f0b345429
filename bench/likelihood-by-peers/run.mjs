/**
 * Test NLL of VAE, beta-VAE and VampPrior, as vaelab and as pythae train them on the same nets, split, batches and steps; all of it
 * read by vaelab's iwae-nll through an encoder refitted by vaelab. Writes RESULTS.md:
 *
 *     node scripts/build.mjs && node bench/likelihood-by-peers/run.mjs [--seeds 1,2,3] [--out FOLDER]
 *
 * What is there already is not run again. Other seeds need another folder.
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execPath } from "node:process";
import { parseArgs, promisify } from "node:util";
import { bundled, digitsFolder, peersFolder, python, setUp } from "../setup.mjs";
import { resultsPage } from "./page.mjs";

const here = import.meta.dirname;
const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "1,2,3" },
    out: { type: "string", default: join(here, "../results/likelihood-by-peers") },
  },
});
const seeds = options.seeds.split(",").map(Number);
const out = resolve(options.out);
const readJson = (...path) => JSON.parse(readFileSync(join(...path), "utf8"));
const spec = readJson(here, "spec.json");

/** The rows of the sweep's `zip`, in its order, and what pythae calls each. */
const MODELS = [
  { name: "VAE", pythae: ["VAE"] },
  { name: "beta-VAE, beta 4", pythae: ["BetaVAE", "beta=4.0"] },
  { name: "VampPrior, 100 pseudo-inputs", pythae: ["VAMP", "number_components=100"] },
];
/** As pythae is; and, to tell what first weights do from what else may differ, begun by vaelab's rules. */
const VARIANTS = [
  { side: "pythae", suffix: "", flags: [] },
  { side: "begunAlike", suffix: "-begun-alike", flags: ["--begin-as-vaelab"] },
];
const choicesOf = (row) =>
  Object.fromEntries(Object.entries(spec.sweep.zip).map(([path, values]) => [path, values[row]]));

await setUp();
const cli = join(here, "../../dist/cli.js");
const sweep = join(out, "vaelab");
if (existsSync(sweep)) execFileSync(execPath, [cli, "resume", sweep], { stdio: "inherit" });
else {
  const asked = ["--set", `sweep.seeds=${JSON.stringify(seeds)}`, "--out", sweep];
  execFileSync(execPath, [cli, "run", join(here, "spec.json"), ...asked], { stdio: "inherit" });
}

const { points } = readJson(sweep, "metrics.json");
const pointOf = (row, seed) => {
  const wanted = JSON.stringify(choicesOf(row));
  const same = ({ choices }) =>
    JSON.stringify(Object.fromEntries(Object.keys(spec.sweep.zip).map((path) => [path, choices[path]]))) === wanted;
  return points.find((point) => point.seed === seed && same(point));
};

/** One thread, as a trial of a sweep has. */
const child = (command, args, cwd) =>
  promisify(execFile)(command, args, {
    cwd,
    maxBuffer: 2 ** 26,
    env: { ...process.env, OMP_NUM_THREADS: "1", TF_CPP_MIN_LOG_LEVEL: "3", PYTHONDONTWRITEBYTECODE: "1" },
  });
const ofPythae = async ({ row, seed, variant }) => {
  const [model, ...fields] = MODELS[row].pythae;
  const folder = join(out, "pythae", `${model}-${seed}${variant.suffix}`);
  const weights = join(folder, "weights");
  if (!existsSync(join(weights, "own.json"))) {
    const args = [digitsFolder, weights, model, seed, spec.training.epochs, ...variant.flags, ...fields].map(String);
    await child(python, [join(peersFolder, "pythae_weights.py"), ...args], peersFolder);
  }
  const scored = join(folder, "scored");
  if (!existsSync(join(scored, "done")))
    await child(
      execPath,
      [bundled("score-weights.mjs"), join(sweep, pointOf(row, seed).folder), weights, scored],
      here,
    );
  console.log(`${folder}: trained and scored`);
  return { figures: readJson(scored, "metrics.json").measurements, own: readJson(weights, "own.json"), folder: scored };
};

const all = VARIANTS.flatMap((variant) => MODELS.flatMap((_, row) => seeds.map((seed) => ({ variant, row, seed }))));
const jobs = [...all];
const theirs = new Map();
const work = async () => {
  for (let job = jobs.shift(); job; job = jobs.shift()) theirs.set(job, await ofPythae(job));
};
await Promise.all([work(), work()]);

const sides = MODELS.map(({ name }, row) => {
  const [pythae, begunAlike] = VARIANTS.map((variant) =>
    all.filter((job) => job.row === row && job.variant === variant).map((job) => theirs.get(job)),
  );
  return { name, vaelab: seeds.map((seed) => ({ figures: pointOf(row, seed).measurements })), pythae, begunAlike };
});
const nlls = (scored) => scored.map(({ figures }) => figures.nll.value);
const asked = sides.map(({ name, vaelab, pythae, begunAlike }) => [
  name,
  {
    vaelab: nlls(vaelab),
    pythae: nlls(pythae),
    begunAlike: nlls(begunAlike),
    scored: pythae.map(({ folder }) => folder),
    examples: pythae[0].own.examples,
  },
]);
const answer = execFileSync(python, [join(here, "compare.py")], {
  input: JSON.stringify(Object.fromEntries(asked)),
  encoding: "utf8",
});
const compared = JSON.parse(answer);
const page = resultsPage({ found: sides.map((each) => ({ ...each, compared: compared[each.name] })), seeds, spec });
writeFileSync(join(here, "RESULTS.md"), page);
console.log(page);
