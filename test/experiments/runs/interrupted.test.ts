/** Ctrl-C, and going on: wherever a run was interrupted, it ends at the bytes of one that was not. */
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProgressEvent } from "../../../src/experiments/index.js";
import { type CliCopy, copyCli } from "../support/cli-copy.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { RESTART } from "../support/restart-spec.js";
import { abortWhen, atStep, newFolder, refusalOf, resumeIn, runIn, statusOf } from "../support/runs.js";

/** Long enough to be struck between two epochs. */
const LONG = { ...RESTART, training: { ...RESTART.training, epochs: 100, checkpointEvery: 25 } };
const SPARSE = { ...RESTART, training: { ...RESTART.training, epochs: 5, checkpointEvery: 2 } };
let expected: Record<string, string>;
beforeAll(async () => {
  expected = bytesOf(await runIn(SPARSE));
});

const during =
  (name: string, done: number) =>
  (event: ProgressEvent): boolean =>
    event.type === "progress" && event.name === name && event.done === done;

describe("a run that was interrupted", () => {
  // 8 steps an epoch; validated after each; best ones from step 16 on, planned ones after epochs 2, 4 and 5.
  test.each([
    ["while data were loaded", (event: ProgressEvent) => event.type === "phase", 0],
    ["in the first epoch", atStep(3), 3],
    ["after an epoch without a checkpoint", atStep(8), 8],
    ["after an epoch with one", atStep(32), 32],
    ["in the last epoch", atStep(37), 37],
  ])("%s leaves a checkpoint of that step and goes on to the same bytes", async (_, when, step) => {
    const out = newFolder();
    const error = await refusalOf(runIn(SPARSE, abortWhen(when), out));
    expect(error.code).toBe("INTERRUPTED");
    expect(error.exitCode).toBe(75);
    expect(error.problems[0]!.message).toBe(`interrupted after step ${step} of 40; the checkpoint is written`);
    expect(error.problems[0]!.remedy).toBe(`Continue with: vaelab resume ${out}`);
    expect(statusOf(out)).toMatchObject({ state: "interrupted", exit: 75, attempt: 1, step, totalSteps: 40 });
    expect(readdirSync(join(out, "checkpoints"))).toContain(`step-${step}`);
    await resumeIn(out);
    expect(statusOf(out)).toMatchObject({ state: "finished", exit: 0, attempt: 2, step: 40 });
    expect(differencesBetween(expected, bytesOf(out))).toEqual([]);
  });
  test.each([
    ["while the encoder was refitted", during("refitting the encoder", 5)],
    ["while the likelihood was measured", during("measuring iwae-nll/refitted", 1)],
  ])("%s goes on to the same bytes", async (_, when) => {
    const out = newFolder();
    const error = await refusalOf(runIn(SPARSE, abortWhen(when), out));
    expect(error.exitCode).toBe(75);
    expect(error.problems[0]!.message).toBe("interrupted during evaluation; the trained weights are kept");
    expect(statusOf(out)).toMatchObject({ state: "interrupted", exit: 75, step: 40 });
    expect(existsSync(join(out, "metrics.json"))).toBe(false);
    await resumeIn(out);
    expect(differencesBetween(expected, bytesOf(out))).toEqual([]);
  });
  test("and was killed before, between its last checkpoint and the removal of older ones, goes on to the same bytes", async () => {
    const [out, earlier] = [newFolder(), newFolder()];
    await refusalOf(runIn(SPARSE, abortWhen(atStep(19)), earlier));
    await refusalOf(runIn(SPARSE, abortWhen(during("measuring iwae-nll/refitted", 1)), out));
    const kept = readdirSync(join(out, "checkpoints"));
    for (const name of ["step-16", "step-19"]) {
      expect(kept).not.toContain(name);
      cpSync(join(earlier, "checkpoints", name), join(out, "checkpoints", name), { recursive: true });
    }
    await resumeIn(out);
    expect(differencesBetween(expected, bytesOf(out))).toEqual([]);
  });
  test("again and again, at every seventh step, goes on to the same bytes", async () => {
    const out = newFolder();
    await refusalOf(runIn(SPARSE, abortWhen(atStep(7)), out));
    for (let step = 14; step < 40; step += 7) {
      expect((await refusalOf(resumeIn(out, abortWhen(atStep(step))))).code).toBe("INTERRUPTED");
      expect(statusOf(out).step).toBe(step);
    }
    await resumeIn(out);
    expect(statusOf(out).attempt).toBe(6);
    expect(differencesBetween(expected, bytesOf(out))).toEqual([]);
  });
  test("before it began to go on has lost nothing", async () => {
    const out = newFolder();
    await refusalOf(runIn(SPARSE, abortWhen(atStep(13)), out));
    const before = bytesOf(out);
    expect(
      (
        await refusalOf(
          resumeIn(
            out,
            abortWhen(() => true),
          ),
        )
      ).code,
    ).toBe("INTERRUPTED");
    expect(differencesBetween(before, bytesOf(out))).toEqual([]);
  });
});

describe("SIGINT to the command", () => {
  let cli: CliCopy;
  beforeAll(() => {
    cli = copyCli();
  });
  afterAll(() => cli?.remove());
  const engine = ["--engine", process.env.VAELAB_TEST_ENGINE ?? "native"];

  test("exits with 75; resume ends with 0 at the same bytes", { timeout: 180_000 }, async () => {
    const out = newFolder();
    const file = join(out, "..", "spec.json");
    writeFileSync(file, JSON.stringify(LONG));
    const { child, ended } = cli.start(["run", file, "--out", out, ...engine]);
    child.stderr.on("data", (text: string) => {
      if (/^epoch +2\/100 /m.test(text)) child.kill("SIGINT");
    });
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(75);
    expect(stderr).toContain(`Continue with: vaelab resume ${out}`);
    expect(statusOf(out)).toMatchObject({ state: "interrupted", exit: 75 });
    expect(statusOf(out).step).toBeLessThan(800);
    expect((await cli.run(["resume", out, ...engine])).code).toBe(0);
    expect(differencesBetween(bytesOf(await runIn(LONG)), bytesOf(out))).toEqual([]);
  });
});
