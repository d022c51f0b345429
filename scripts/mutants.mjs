/**
 * `npm run mutants`: makes small faults in src/, one at a time, and looks whether the nearest tests notice.
 *
 *     npm run mutants -- [--sample 200] [--seed 1] [--only PATH] [--take 20] [--tests 5] [--fresh]
 *
 * The sample is fixed by the seed: the same mutants whenever it is asked, for as long as their lines stand. A mutant is put to
 * the test files, nearest by imports first, in which its function runs. --only keeps to files whose paths begin so, --take
 * stops after so many new ones, --tests is how many test files a mutant has to get past to survive.
 *
 * Results are kept in node_modules/.cache/mutants.jsonl, so a run that was stopped goes on; a mutant is tested again when its
 * file or one of its tests changed. --fresh forgets them. Everything happens in copies of the tree in temporary folders.
 *
 * StrykerJS does this for others; its runner needs vitest's worker threads, in which TensorFlow's addon crashes.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { functionAround } from "./mutants/functions.mjs";
import { mutantsOf, mutated, sampleOf } from "./mutants/mutations.mjs";
import { testsBySource } from "./mutants/related.mjs";
import { filesOf, openSandbox } from "./mutants/sandbox.mjs";
import { root } from "./sources.mjs";

const { values: options } = parseArgs({
  options: {
    sample: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "src/" },
    take: { type: "string", default: "1000000" },
    tests: { type: "string", default: "5" },
    fresh: { type: "boolean", default: false },
  },
});
const [sample, take, most] = ["sample", "take", "tests"].map((name) => {
  const value = Number(options[name]);
  if (!(Number.isInteger(value) && value > 0)) throw new Error(`--${name} takes a whole number above 0`);
  return value;
});

const KEPT = join(root, "node_modules", ".cache", "mutants.jsonl");
/** Test files that are looked at for whether they reach a mutant. */
const CANDIDATES = 12;
/** Test files that take longer are left out. */
const LONGEST_SECONDS = 120;
/** A mutant may take so many times as long as its test does without it, and this much more. */
const [SLOWER, MORE_SECONDS] = [4, 30];

const hashOf = (...parts) => createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);

const readKept = () => {
  if (options.fresh) rmSync(KEPT, { force: true });
  const lines = existsSync(KEPT) ? readFileSync(KEPT, "utf8").trimEnd().split("\n").filter(Boolean) : [];
  return new Map(lines.map((line) => JSON.parse(line)).map((kept) => [kept.key, kept]));
};
const known = readKept();
const keep = (result) => {
  known.set(result.key, result);
  mkdirSync(dirname(KEPT), { recursive: true });
  appendFileSync(KEPT, `${JSON.stringify(result)}\n`);
  return result;
};

const files = filesOf(root);
const contents = new Map();
const read = (file) => {
  if (!contents.has(file)) contents.set(file, readFileSync(join(root, file), "utf8"));
  return contents.get(file);
};
for (const file of files) if (/^(src|test)\//.test(file)) read(file);
const sandbox = openSandbox(root, files);
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => {
    sandbox.close();
    console.log("stopped; what was tested is kept: the same command goes on");
    process.exit(130);
  });

/** A test file as it is, without a mutant: its seconds and the functions that ran, or why it is of no use. */
const baselineOf = async (test) => {
  const key = `baseline ${hashOf(test, read(test))}`;
  const kept = known.get(key);
  if (kept) return kept;
  const { outcome, seconds, ran } = await sandbox.baseline(test, LONGEST_SECONDS * 1000);
  if (outcome === "passed") return keep({ key, test, seconds, ran });
  console.log(`   ${test} is left out: ${outcome === "failed" ? "fails without a mutant" : "takes too long"}`);
  return keep({ key, test, outcome });
};

/** Whether a mutant could show in a test: its function ran there, or it is at the top of a file that was loaded. */
const reaches = ({ ran = [], outcome }, file, number) =>
  outcome === undefined && (number === undefined || file.startsWith("src/cli/") || ran.includes(`${file}#${number}`));

const scoreOf = async (mutant, candidates) => {
  const number = functionAround(mutant.file, read(mutant.file), mutant);
  let tried = 0;
  for (const test of candidates) {
    if (tried === most) break;
    const baseline = await baselineOf(test);
    if (!reaches(baseline, mutant.file, number)) continue;
    tried++;
    const limit = 1000 * (SLOWER * baseline.seconds + MORE_SECONDS);
    const outcome = await sandbox.withMutant(mutant.file, mutated(read(mutant.file), mutant), test, limit);
    if (outcome !== "passed") return { outcome: outcome === "failed" ? "killed" : outcome, by: test };
  }
  return tried === 0 ? { outcome: "not covered" } : { outcome: "survived", tests: tried };
};

const short = (text) => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
};
const say = ({ file, line, kind, from, to }) => `${file}:${line}  ${kind}: ${short(from)} → ${short(to)}`;

const summarize = (results, left) => {
  const of = (...outcomes) => results.filter(({ outcome }) => outcomes.includes(outcome));
  for (const outcome of ["survived", "not covered"]) {
    if (of(outcome).length > 0) console.log(`\n${outcome}:`);
    for (const { mutant, tests } of of(outcome))
      console.log(`  ${say(mutant)}${tests ? `  (${tests} test file${tests > 1 ? "s" : ""})` : ""}`);
  }
  const killed = of("killed", "timeout").length;
  const share = results.length > 0 ? ` (${((100 * killed) / results.length).toFixed(0)} %)` : "";
  console.log(
    `\n${results.length} mutants: ${killed} killed${share}, ${of("timeout").length} of them by their time limit; ${of("survived").length} survived, ${of("not covered").length} not covered`,
  );
  if (left > 0) console.log(`${left} are left: the same command goes on`);
};

try {
  const related = testsBySource(
    root,
    files.filter((file) => /^(src|test)\/.*\.ts$/.test(file)),
  );
  const all = files
    .filter((file) => file.startsWith(options.only) && /^src\/.*\.ts$/.test(file))
    .flatMap((file) => mutantsOf(file, read(file)));
  const chosen = sampleOf(all, sample, options.seed);
  console.log(`${chosen.length} of ${all.length} mutants`);
  const results = [];
  let tested = 0;
  for (const mutant of chosen) {
    const candidates = (related.get(mutant.file) ?? []).slice(0, CANDIDATES);
    const key = `${mutant.id} ${hashOf(read(mutant.file), ...candidates, ...candidates.map(read))}`;
    let result = known.get(key);
    if (!result) {
      if (tested === take) break;
      tested++;
      const from = performance.now();
      result = keep({ key, ...(await scoreOf(mutant, candidates)) });
      const seconds = ((performance.now() - from) / 1000).toFixed(0);
      console.log(`${result.outcome.padEnd(11)} ${say(mutant)}${result.by ? `  (${result.by})` : ""}  ${seconds} s`);
    }
    results.push({ mutant, ...result });
  }
  summarize(results, chosen.length - results.length);
} finally {
  sandbox.close();
}
