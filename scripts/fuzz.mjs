/**
 * `npm run fuzz -- [specs|files|runs|checkpoints ...]`: hostile input in every command that reads what others may have written.
 *
 *     npm run fuzz -- specs --count 1000 --seed 1      # cases 0 to 999; all four subjects unless some are named
 *     npm run fuzz -- specs --seed 1 --case 37         # one of them again, in a process of its own, with what it prints
 *
 * A case fails if the command prints a stack trace, an error of the language or a control character, calls it a fault of vaelab,
 * ends by a signal or with an exit code other than 0, 1 and 2 (75 after Ctrl-C), takes more than 5 s of processor time or 1 GiB
 * of memory, ignores Ctrl-C for as long (unless a training step alone takes longer, which is counted), writes outside the folder
 * that it is given, or shows what lies there.
 *
 * The cases run in two processes that are kept. What fails there is tried again in a process of its own, and counts if it fails
 * there too; its folder is then kept under --keep, with the command in case.json. Exit 1 when there is one.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareCase } from "./fuzz/case.mjs";
import { checkpoints } from "./fuzz/checkpoints.mjs";
import { copyBuild } from "./fuzz/copy-build.mjs";
import { files } from "./fuzz/files.mjs";
import { runs } from "./fuzz/runs.mjs";
import { specs } from "./fuzz/specs.mjs";
import { isInLongStep, LIMITS } from "./fuzz/verdict.mjs";
import { openWorker, runAlone } from "./fuzz/watched.mjs";

const SUBJECTS = { specs, files, runs, checkpoints };
const WORKERS = 2;
const EVERY = 50;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    case: { type: "string" },
    workers: { type: "string", default: String(WORKERS) },
    keep: { type: "string", default: join(tmpdir(), "vaelab-fuzz") },
  },
});
const [count, seed, from, workers, only] = ["count", "seed", "from", "workers", "case"].map((name) => {
  const value = Number(options[name] ?? 0);
  if (!Number.isInteger(value) || value < 0) {
    console.error(`--${name} takes a whole number, 0 or more`);
    process.exit(2);
  }
  return value;
});
const chosen = positionals.length > 0 ? positionals : Object.keys(SUBJECTS);
const unknown = chosen.filter((name) => !Object.hasOwn(SUBJECTS, name));
if (unknown.length > 0 || (options.case !== undefined && chosen.length !== 1)) {
  console.error(`name ${unknown.length > 0 ? "subjects" : "one subject"} of: ${Object.keys(SUBJECTS).join(", ")}`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), "vaelab-fuzzing-"));
const build = copyBuild();
const close = () => {
  build.remove();
  rmSync(scratch, { recursive: true, force: true });
};
const quoted = (words) => words.map((word) => (/^[\w./=-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

const fixturesOf = async (name) => {
  const subject = SUBJECTS[name];
  if (!subject.fixtures) return undefined;
  const folder = join(scratch, "fixtures", name);
  mkdirSync(folder, { recursive: true });
  return subject.fixtures(folder, async (args) => {
    const { code, text } = await runAlone(build.cli, { args, folder, unlimited: true });
    if (code !== 0) throw new Error(`${quoted(args)} ended with ${code}:\n${text}`);
  });
};

const nameOf = (subject, index) => `${subject}/${seed}/${index}`;

/** Again, in a process of its own. @returns what is wrong */
const confirm = async (name, fixtures, index) => {
  const folder = join(options.keep, `${name}-${seed}-${index}`);
  const { command, judge } = prepareCase(SUBJECTS[name], { name: nameOf(name, index), folder, fixtures });
  const ended = await runAlone(build.cli, command);
  return { folder, command, ended, fault: judge(ended) };
};

const one = async (name) => {
  const { folder, command, ended, fault } = await confirm(name, await fixturesOf(name), only);
  console.log(`cd ${command.folder}\nvaelab ${quoted(command.args)}\n\n${ended.text}`);
  console.log(
    `exit ${ended.code ?? ended.signal}, ${ended.seconds.toFixed(1)} s, ${mebibytes(ended.memory)}: ${fault ?? "as it should be"}`,
  );
  console.log(`kept: ${folder}`);
  return fault ? 1 : 0;
};

const fuzz = async (name) => {
  const fixtures = await fixturesOf(name);
  const codes = new Map();
  const failures = [];
  const worst = { seconds: { value: 0 }, memory: { value: 0 } };
  let [next, done, unconfirmed, longSteps] = [from, 0, 0, 0];
  const work = async (slot) => {
    const worker = openWorker(build.cli);
    while (next < from + count) {
      const index = next++;
      const folder = join(scratch, `slot-${slot}`);
      const { command, judge } = prepareCase(SUBJECTS[name], { name: nameOf(name, index), folder, fixtures });
      let ended = await worker.run(command);
      let fault = judge(ended);
      if (fault) {
        // It may have left the worker in any state.
        worker.close();
        const again = await confirm(name, fixtures, index);
        ended = again.ended;
        fault = again.fault;
        if (fault) {
          const reproduce = `npm run fuzz -- ${name} --seed ${seed} --case ${index}`;
          failures.push(index);
          writeFileSync(
            join(again.folder, "case.json"),
            `${JSON.stringify({ fault, reproduce, args: command.args, text: ended.text }, null, 2)}\n`,
          );
          console.log(`FAILS  ${reproduce}\n       vaelab ${quoted(command.args)}\n       ${fault}`);
        } else {
          unconfirmed++;
          rmSync(again.folder, { recursive: true, force: true });
        }
      }
      if (isInLongStep(ended)) {
        longSteps++;
        worker.close();
      }
      codes.set(ended.code ?? ended.signal, (codes.get(ended.code ?? ended.signal) ?? 0) + 1);
      for (const kind of ["seconds", "memory"])
        if (ended[kind] > worst[kind].value) worst[kind] = { value: ended[kind], index, args: command.args };
      if (++done % EVERY === 0) console.log(`${name}  ${done} of ${count}, ${failures.length} failed`);
    }
    worker.close();
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(workers, count)) }, (_, slot) => work(slot)));
  const exits = [...codes]
    .sort()
    .map(([code, times]) => `${times} × exit ${code}`)
    .join(", ");
  console.log(`${name}: ${done} cases from seed ${seed}: ${failures.length} failed; ${exits}`);
  if (unconfirmed > 0) console.log(`  ${unconfirmed} failed in a kept process and not in one of their own`);
  if (longSteps > 0) console.log(`  ${longSteps} killed in a training step that takes more than ${LIMITS.seconds} s`);
  console.log(
    `  slowest ${worst.seconds.value.toFixed(1)} s (case ${worst.seconds.index}: ${quoted(worst.seconds.args ?? [])})`,
  );
  console.log(
    `  largest ${mebibytes(worst.memory.value)} (case ${worst.memory.index}: ${quoted(worst.memory.args ?? [])})`,
  );
  if (failures.length > 0) console.log(`  failures: ${failures.join(", ")}; kept in ${options.keep}`);
  return failures.length;
};

for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => {
    close();
    process.exit(130);
  });
try {
  mkdirSync(options.keep, { recursive: true });
  if (options.case !== undefined) process.exitCode = await one(chosen[0]);
  else {
    let failed = 0;
    for (const name of chosen) failed += await fuzz(name);
    process.exitCode = failed > 0 ? 1 : 0;
  }
} finally {
  close();
}
