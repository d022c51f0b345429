/** Folders that something went wrong with: what is said, with which exit status, and that nothing is lost. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { resumeFolder, runExperiment } from "../../../src/experiments/index.js";
import { acquireLock } from "../../../src/storage/lock.js";
import { npyFile } from "../../data/support/damage.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { RESTART } from "../support/restart-spec.js";
import {
  abortWhen,
  atStep,
  copyOf,
  listener,
  newFolder,
  refusalOf,
  resumeIn,
  runIn,
  statusOf,
} from "../support/runs.js";

let expected: Record<string, string>;
/** In the third of three epochs: checkpoints of steps 16 and 21. */
let interrupted: string;
beforeAll(async () => {
  expected = bytesOf(await runIn(RESTART));
  interrupted = newFolder();
  await refusalOf(runIn(RESTART, abortWhen(atStep(21)), interrupted));
});
const damage = (run: string, step: number): void => {
  const path = join(run, "checkpoints", `step-${step}`, "optimizer.safetensors");
  const bytes = readFileSync(path);
  bytes[bytes.length - 3]! ^= 0x10;
  writeFileSync(path, bytes);
};
const edit = (run: string, change: (spec: { training: Record<string, unknown> }) => void): void => {
  const path = join(run, "resolved.json");
  const spec = JSON.parse(readFileSync(path, "utf8")) as { training: Record<string, unknown> };
  change(spec);
  writeFileSync(path, JSON.stringify(spec));
};

describe("checkpoints", () => {
  test("a damaged newest one is skipped, with a warning, for the one before it", async () => {
    const run = copyOf(interrupted);
    damage(run, 21);
    const { warnings, reporter } = listener();
    await resumeIn(run, { reporter });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^skipped the checkpoint of step 21: .*optimizer\.safetensors and MANIFEST\.json do not match/,
      ),
    ]);
    expect(differencesBetween(expected, bytesOf(run))).toEqual([]);
  });
  test("all damaged: it ends with 1 and deletes none", async () => {
    const run = copyOf(interrupted);
    for (const step of [16, 21]) damage(run, step);
    const before = bytesOf(run);
    const error = await refusalOf(resumeIn(run));
    expect(error).toMatchObject({ code: "CHECKPOINT", exitCode: 1 });
    expect(error.problems).toEqual([
      {
        message: "no checkpoint matches its manifest",
        where: join(run, "checkpoints"),
        remedy: "Start the run again.",
      },
    ]);
    expect(differencesBetween(before, bytesOf(run))).toEqual([]);
    expect(statusOf(run)).toMatchObject({ state: "failed", exit: 1 });
  });
  test("BEST is put back where a kill came between a checkpoint and its pointers", async () => {
    const run = copyOf(interrupted);
    for (const pointer of ["BEST", "LATEST"]) rmSync(join(run, "checkpoints", pointer));
    await resumeIn(run);
    expect(differencesBetween(expected, bytesOf(run))).toEqual([]);
  });
});

describe("a run that is not what it was", () => {
  const refused = async (run: string) => {
    const [before, status] = [bytesOf(run), statusOf(run)];
    const error = await refusalOf(resumeIn(run));
    expect(error).toMatchObject({ code: "RUN_FOLDER", exitCode: 2 });
    expect(differencesBetween(before, bytesOf(run))).toEqual([]);
    expect(statusOf(run)).toEqual(status);
    return error.problems;
  };
  test("another spec is refused", async () => {
    const run = copyOf(interrupted);
    edit(run, ({ training }) => {
      training.batchSize = 64;
    });
    expect(await refused(run)).toEqual([
      {
        message: "the checkpoint was made by another spec than resolved.json",
        where: run,
        remedy:
          "Only training.epochs and training.earlyStopping may change. Put resolved.json back, or start a new run.",
      },
    ]);
  });
  test("metrics that were cut are refused", async () => {
    const run = copyOf(interrupted);
    const path = join(run, "history.jsonl");
    const { length } = readFileSync(path);
    truncateSync(path, 100);
    expect(await refused(run)).toEqual([
      {
        message: `the history does not match the checkpoint: no line ends at byte ${length} of 100`,
        where: path,
        remedy: "Restore the original history.jsonl, or start the run again.",
      },
    ]);
  });
  test("other data are refused", async () => {
    const run = copyOf(interrupted);
    const path = join(run, "provenance.json");
    writeFileSync(path, readFileSync(path, "utf8").replace(/("sha256": ")\w/, "$1_"));
    expect(await refused(run)).toEqual([
      {
        message: "the data are not those that the run was trained on",
        where: run,
        remedy: "Put them back, name the folder that holds them (--data-folder DIR), or start a new run.",
      },
    ]);
  });
  test.each([
    { name: "thread count", engine: { threads: 77 }, began: / with 77 threads$/ },
    { name: "build", engine: { build: 3 }, began: /^\w+ [\d.]+ \(build 3\) / },
  ])("another $name of the engine is warned of", async ({ engine, began }) => {
    const run = copyOf(interrupted);
    const path = join(run, "provenance.json");
    const provenance = JSON.parse(readFileSync(path, "utf8")) as { engine: object };
    writeFileSync(path, JSON.stringify({ ...provenance, engine: { ...provenance.engine, ...engine } }));
    const { warnings, reporter } = listener();
    await resumeIn(run, { reporter });
    expect(warnings).toHaveLength(1);
    const [, before] = /^the run began on (.*) and goes on with /.exec(warnings[0]!)!;
    expect(before).toMatch(began);
  });
  test("lines that were logged after the checkpoint are cut", async () => {
    const run = copyOf(interrupted);
    writeFileSync(join(run, "history.jsonl"), '{"step":22,"half a li', { flag: "a" });
    await resumeIn(run);
    expect(differencesBetween(expected, bytesOf(run))).toEqual([]);
  });
});

describe("a run that was killed", () => {
  test("before its status, its log and its whole provenance goes on", async () => {
    const run = copyOf(interrupted);
    for (const file of ["status.json", "log.txt"]) rmSync(join(run, file));
    writeFileSync(join(run, "provenance.json"), JSON.stringify({ specFolder: process.cwd() }));
    await resumeIn(run);
    expect(statusOf(run)).toMatchObject({ state: "finished", attempt: 1 });
    expect(differencesBetween(expected, bytesOf(run))).toEqual([]);
  });
  test("before it had begun is no run yet, and its folder can be used", async () => {
    const run = newFolder();
    mkdirSync(run);
    acquireLock(run).release();
    for (const file of ["provenance.json", "spec.json", "resolved.json.tmp-1-00000000"])
      cpSync(join(interrupted, file.replace(/\.tmp.*/, "")), join(run, file));
    const error = await refusalOf(resumeIn(run));
    expect(error.exitCode).toBe(2);
    expect(error.problems).toEqual([
      {
        message: "this is neither a run nor a sweep",
        where: run,
        remedy: `It was stopped before it had begun: start it again with --out ${run}.`,
      },
    ]);
    await runIn(RESTART, {}, run);
    expect(differencesBetween(expected, bytesOf(run))).toEqual([]);
  });
  test("in the middle of writing leaves nothing behind", async () => {
    const run = copyOf(interrupted);
    mkdirSync(join(run, "samples"));
    const leftovers = ["history.jsonl", "samples/prior-draws.png", "checkpoints/LATEST", ".lock-2"];
    // No process has this number: it is above what Linux gives out.
    for (const path of leftovers) writeFileSync(join(run, `${path}.tmp-4194305-0a1b2c3d`), "half");
    mkdirSync(join(run, "checkpoints", "step-24.tmp-1-0a1b2c3d"));
    await resumeIn(run);
    expect(readdirSync(run, { recursive: true }).filter((path) => String(path).includes(".tmp-"))).toEqual([]);
    expect(differencesBetween(expected, bytesOf(run))).toEqual([]);
  });
});

describe("folders that cannot be used", () => {
  const attempt = (out: string) => refusalOf(runExperiment({ spec: RESTART, out }));
  test("one that holds something else", async () => {
    const out = newFolder();
    mkdirSync(out);
    writeFileSync(join(out, "spec.json"), "mine");
    const error = await attempt(out);
    expect(error).toMatchObject({ code: "RUN_FOLDER", exitCode: 2 });
    expect(error.problems).toEqual([
      { message: "the folder is not empty", where: out, remedy: "Give --out another folder." },
    ]);
    expect(readFileSync(join(out, "spec.json"), "utf8")).toBe("mine");
  });
  test.each([
    ["a file", (file: string) => file],
    ["below a file", (file: string) => join(file, "run")],
  ])("one that is %s", async (_, place) => {
    const file = newFolder();
    writeFileSync(file, "");
    const error = await attempt(place(file));
    expect(error).toMatchObject({ code: "NOT_WRITABLE", exitCode: 2 });
    expect(error.problems[0]!.message).toBe("cannot write: this is a file, but a folder is needed");
    expect(error.problems[0]!.where).toBe(place(file));
  });
  test.runIf(existsSync("/proc/self"))("one on a file system that takes none", async () => {
    const error = await attempt("/proc/vaelab-run");
    expect(error).toMatchObject({ code: "NOT_WRITABLE", exitCode: 2 });
    expect(error.problems[0]!.where).toBe("/proc/vaelab-run");
  });
  test("one that another process is using", async () => {
    const run = copyOf(interrupted);
    const before = bytesOf(run);
    const lock = acquireLock(run);
    const error = await refusalOf(resumeFolder({ folder: run }));
    lock.release();
    expect(error).toMatchObject({ code: "RUN_BUSY", exitCode: 2 });
    expect(error.problems[0]!.message).toMatch(new RegExp(`^process ${process.pid} on .* is using this folder$`));
    expect(differencesBetween(before, bytesOf(run))).toEqual([]);
    expect(statusOf(run)).toEqual(statusOf(interrupted));
  });
});

describe("a run that diverges", () => {
  const diverging = (learningRate: unknown, training: object = {}) => ({
    ...RESTART,
    training: {
      ...RESTART.training,
      optimizer: { type: "adam", learningRate } as { type: "adam"; learningRate: number },
      ...training,
    },
  });
  test("in the first epoch names the term that went first and its parts", async () => {
    const out = newFolder();
    const error = await refusalOf(runIn(diverging(1e6), {}, out));
    expect(error).toMatchObject({ code: "DIVERGED", exitCode: 1 });
    const { message, remedy } = error.problems[0]!;
    expect(message).toMatch(
      /^training diverged at step [1-7]: "(distortion|kl|rate)" became (NaN|Infinity) first \((likelihood "bernoulli" on decoder "mlp"|posterior "diagonal-gaussian" against prior "vamp")\)$/,
    );
    expect(remedy).toMatch(/^There is no checkpoint yet\. /);
    expect(statusOf(out)).toMatchObject({ state: "failed", exit: 1, step: 0, reason: error.message });
  });
  test("before the first update blames the data, not the learning rate", async () => {
    const folder = newFolder();
    mkdirSync(folder);
    const values = Float32Array.from({ length: 120 * 64 }, (_, i) => (i * 37) % 256);
    writeFileSync(join(folder, "x.npy"), npyFile("<f4", "(120, 8, 8)", new Uint8Array(values.buffer)));
    const spec = (data: object) => ({
      name: "unscaled",
      data: { type: "npy", values: join(folder, "x.npy"), ...data },
      model: { latent: 2, encoder: { type: "mlp", hidden: [8] }, likelihood: "gaussian" },
      training: { epochs: 1, batchSize: 32 },
      evaluation: { metrics: ["elbo"] },
    });
    const error = await refusalOf(runIn(spec({}) as never));
    expect(error).toMatchObject({ code: "DIVERGED", exitCode: 1 });
    expect(error.problems[0]!.message).toMatch(/^training diverged at step 0: /);
    expect(error.problems[0]!.remedy).toBe(
      'No update has been made yet, so the learning rate is not at fault. Scale the training data, which range from 0 to 255: npy, npz, idx and csv data take "scale": 255, which divides them.',
    );
    expect(statusOf(await runIn(spec({ scale: 255 }) as never))).toMatchObject({ state: "finished", exit: 0 });
    const small = await refusalOf(
      runIn({
        ...spec({ scale: 255 }),
        model: { ...spec({}).model, likelihood: { type: "gaussian", scale: 1e-30 } },
      } as never),
    );
    expect(small.problems[0]!.remedy).toBe(
      "No update has been made yet, so the learning rate is not at fault. Check the scales in the likelihood, prior and posterior, the initializers, and the training data, which range from 0 to 1.",
    );
  });
  test("later keeps the last good checkpoint", async () => {
    const out = newFolder();
    const late = { type: "linear", initial: 1e-3, final: 1e7, after: 18, steps: 1 };
    const error = await refusalOf(runIn(diverging(late), {}, out));
    expect(error).toMatchObject({ code: "DIVERGED", exitCode: 1 });
    expect(error.problems[0]!.remedy).toMatch(/^The checkpoint of step 16 is kept\. /);
    expect(readFileSync(join(out, "checkpoints", "LATEST"), "utf8")).toMatch(/^step-16 /);
  });
  test("in the last update of an epoch saves no checkpoint of it", async () => {
    const out = newFolder();
    // Only the update of step 7, the last of the first epoch, is made at this rate, whose product with the decay is infinite in
    // float32; and that epoch is not validated.
    const burst = { type: "linear", initial: 1e-9, final: 3e38, after: 6, steps: 1 };
    const optimizer = { type: "adamw", learningRate: burst, weightDecay: 1e6 };
    const error = await refusalOf(runIn(diverging(burst, { validateEvery: 2, optimizer }), {}, out));
    expect(error).toMatchObject({ code: "DIVERGED", exitCode: 1 });
    expect(existsSync(join(out, "checkpoints"))).toBe(false);
  });
});
