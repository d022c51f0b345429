/** Trials whose process is killed from outside, as a machine without memory kills it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { ProgressEvent } from "../../../src/experiments/index.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { buildOnce } from "../../cli/command.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { OFTEN_SAVED } from "../support/restart-spec.js";
import { newFolder, refusalOf, resumeIn, runIn, statusOf } from "../support/runs.js";

const SWEEP = {
  ...OFTEN_SAVED,
  training: { ...OFTEN_SAVED.training, epochs: 6 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
  sweep: { seeds: [1, 2] },
} satisfies ExperimentSpec;

let whole: string;
beforeAll(async () => {
  buildOnce();
  whole = await runIn(SWEEP);
});

/** Kills the process of the sweep's first trial as soon as it has a checkpoint, up to so many times. */
const killFirst = (out: string, times: number): { killed(): number; stop(): void } => {
  const first = join(out, "trials", JSON.parse(readFileSync(join(whole, "plan.jsonl"), "utf8").split("\n")[0]!).id);
  const pids = new Set<number>();
  const timer = setInterval(() => {
    const attempt = join(first, "attempt-1");
    if (pids.size >= times || !existsSync(join(attempt, "checkpoints", "LATEST"))) return;
    const { pid, state } = statusOf(attempt);
    if (state !== "running" || pids.has(pid)) return;
    pids.add(pid);
    process.kill(pid, "SIGKILL");
  }, 2);
  return { killed: () => pids.size, stop: () => clearInterval(timer) };
};

test("a trial whose process is killed is tried once more, and leaves the same bytes", {
  timeout: 120_000,
}, async () => {
  const out = newFolder();
  const warnings: string[] = [];
  const reporter = { event: (e: ProgressEvent) => void (e.type === "warning" && warnings.push(e.message)) };
  const killer = killFirst(out, 1);
  await runIn(SWEEP, { jobs: 2, reporter }, out);
  killer.stop();
  expect(killer.killed()).toBe(1);
  expect(warnings).toEqual([
    expect.stringMatching(/^the process of the trial in .*attempt-1 ended \(SIGKILL\); retrying once$/),
  ]);
  expect(differencesBetween(bytesOf(whole), bytesOf(out))).toEqual([]);
});

test("one that is killed twice has failed: it is said, the others end, and resume makes a new attempt", {
  timeout: 120_000,
}, async () => {
  const out = newFolder();
  const killer = killFirst(out, 2);
  const error = await refusalOf(runIn(SWEEP, { jobs: 2 }, out));
  killer.stop();
  expect(killer.killed()).toBe(2);
  expect(error).toMatchObject({ code: "KILLED", exitCode: 1 });
  const reason = "the process ended before its trial, both times (SIGKILL)";
  expect(error.message).toMatch(/^\S+ {2}1 of 2 trials failed, the first \(\w{12}\) with: /);
  expect(error.message).toContain(`${reason}. If memory is short`);
  const attemptsOf = (trial: string): string[] => readdirSync(join(out, "trials", trial)).sort();
  const trials = readdirSync(join(out, "trials"));
  const failed = trials.filter((trial) => statusOf(join(out, "trials", trial, "attempt-1")).state === "failed");
  expect(failed).toHaveLength(1);
  expect(statusOf(join(out, "trials", failed[0]!, "attempt-1"))).toMatchObject({ exit: 1, reason });
  await resumeIn(out, { jobs: 2 });
  expect(trials.map((trial) => attemptsOf(trial).length).sort()).toEqual([1, 2]);
  expect(readFileSync(join(out, "summary.csv"), "utf8")).toBe(readFileSync(join(whole, "summary.csv"), "utf8"));
});
