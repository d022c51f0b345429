/** Sweeps that were interrupted, killed or partly failed. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ProgressEvent } from "../../../src/experiments/index.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { copyCli } from "../support/cli-copy.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { RESTART } from "../support/restart-spec.js";
import { abortWhen, atStep, newFolder, refusalOf, resumeIn, runIn } from "../support/runs.js";

const SWEEP = {
  ...RESTART,
  training: { ...RESTART.training, epochs: 2 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
  sweep: { grid: { "objective.beta": [0.5, 1] }, seeds: [1, 2] },
} satisfies ExperimentSpec;

type TrialEvent = Extract<ProgressEvent, { type: "trial" }>;
const trialsOf = (events: readonly ProgressEvent[]): string[] =>
  events.filter((event): event is TrialEvent => event.type === "trial").map(({ index, state }) => `${index} ${state}`);

let whole: string;
beforeAll(async () => {
  whole = await runIn(SWEEP);
});

test("its header says which swept path is a weight in the loss", () => {
  const { axes } = JSON.parse(readFileSync(join(whole, "sweep.json"), "utf8")) as { axes: unknown };
  expect(axes).toEqual([{ path: "objective.beta", values: [0.5, 1], role: "weight" }]);
});

test("an interrupted sweep says how to go on, skips what is finished, and ends at the same bytes", async () => {
  const out = newFolder();
  let trial = 0;
  const inThird = (event: ProgressEvent): boolean => {
    if (event.type === "trial") trial = event.index;
    return trial === 2 && atStep(9)(event);
  };
  const error = await refusalOf(runIn(SWEEP, abortWhen(inThird), out));
  expect(error).toMatchObject({ code: "INTERRUPTED", exitCode: 75 });
  expect(error.problems).toEqual([
    { message: "interrupted in trial 3 of 4; completed work is kept", remedy: `Continue with: vaelab resume ${out}` },
  ]);
  const events: ProgressEvent[] = [];
  await resumeIn(out, { reporter: { event: (event) => events.push(event) } });
  expect(trialsOf(events)).toEqual(["0 skipped", "1 skipped", "2 started", "2 finished", "3 started", "3 finished"]);
  expect(differencesBetween(bytesOf(whole), bytesOf(out))).toEqual([]);
});

test.each([1, 2])(
  "a sweep of %i trials at once that was killed in the middle of one ends at the same bytes",
  { timeout: 180_000 },
  async (jobs) => {
    const cli = copyCli();
    try {
      const out = newFolder();
      const file = join(whole, "..", "spec.json");
      writeFileSync(file, JSON.stringify(SWEEP));
      const engine = ["--engine", process.env.VAELAB_TEST_ENGINE ?? "native"];
      const { child, ended } = cli.start(["run", file, "--out", out, "--json", "--jobs", String(jobs), ...engine]);
      child.stdout.on("data", (text: string) => {
        if (/"type":"trial","index":2,.*"state":"started"/.test(text)) child.kill("SIGKILL");
      });
      expect((await ended).signal).toBe("SIGKILL");
      const events: ProgressEvent[] = [];
      await resumeIn(out, { reporter: { event: (event) => events.push(event) } });
      const states = trialsOf(events);
      // The third began because one of the first two had ended: with two at once, either.
      expect(states.filter((state) => ["0 skipped", "1 skipped"].includes(state))).not.toEqual([]);
      expect(states.slice(-2)).toEqual(["3 started", "3 finished"]);
      // sweep.json also says where the spec lay: in a file here, in memory there.
      expect(differencesBetween(bytesOf(whole), bytesOf(out))).toEqual(["sweep.json differs"]);
    } finally {
      cli.remove();
    }
  },
);

describe("a trial that fails", () => {
  const failing = {
    ...SWEEP,
    sweep: { grid: { "training.optimizer.learningRate": [1e6, 1e-3] }, seeds: [1] },
  } satisfies ExperimentSpec;
  test("does not stop the others; it is said, and tried again in an attempt of its own", async () => {
    const out = newFolder();
    const events: ProgressEvent[] = [];
    const reporter = { event: (event: ProgressEvent) => void events.push(event) };
    const error = await refusalOf(runIn(failing, { reporter }, out));
    expect(error).toMatchObject({ code: "DIVERGED", exitCode: 1 });
    expect(error.problems[0]!.message).toMatch(
      /^1 of 2 trials failed, the first \(\w{12}\) with: training diverged at step /,
    );
    expect(trialsOf(events)).toEqual(["0 started", "0 failed", "1 started", "1 finished"]);
    expect(readFileSync(join(out, "summary.csv"), "utf8").trimEnd().split("\n")).toHaveLength(2);
    events.length = 0;
    expect((await refusalOf(resumeIn(out, { reporter }))).exitCode).toBe(1);
    expect(trialsOf(events)).toEqual(["0 started", "0 failed", "1 skipped"]);
    const attempts = readdirSync(join(out, "trials")).map((trial) => readdirSync(join(out, "trials", trial)).length);
    expect(attempts.sort()).toEqual([1, 2]);
  });
});

test("a finished sweep is finished when it is resumed, and gets its summaries back", async () => {
  const before = bytesOf(whole);
  for (const file of ["summary.csv", "metrics.json"]) rmSync(join(whole, file));
  await resumeIn(whole);
  expect(differencesBetween(before, bytesOf(whole))).toEqual([]);
});

test("a sweep cannot be extended", async () => {
  const error = await refusalOf(resumeIn(whole, { epochs: 9 }));
  expect(error.exitCode).toBe(2);
  expect(error.problems[0]!.message).toBe("a sweep cannot be extended: its plan names trials by what they are");
});
