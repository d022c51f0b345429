/** A finished run: resumed, nothing happens; given more epochs, it becomes the run that had them from the start. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { RESTART } from "../support/restart-spec.js";
import { abortWhen, atStep, copyOf, refusalOf, resumeIn, runIn, statusOf } from "../support/runs.js";

const withEpochs = (epochs: number) => ({ ...RESTART, training: { ...RESTART.training, epochs } });
/** The spec as it was written is kept, with the epochs of then. */
const withoutSpec = (folder: string): Record<string, string> => {
  const { "spec.json": _, ...rest } = bytesOf(folder);
  return rest;
};
let finished: string;
let longer: string;
beforeAll(async () => {
  finished = await runIn(RESTART);
  longer = await runIn(withEpochs(5));
});

describe("a finished run", () => {
  test.each([[{}], [{ epochs: 3 }]])("resumed with %o is left as it is", async (options) => {
    const run = copyOf(finished);
    const everything = (folder: string) =>
      ["status.json", "log.txt", "report.html"].map((file) => readFileSync(join(folder, file), "utf8"));
    await resumeIn(run, options);
    expect(differencesBetween(bytesOf(finished), bytesOf(run))).toEqual([]);
    expect(everything(run)).toEqual(everything(finished));
  });
  test("given more epochs becomes the run that had them from the start", async () => {
    const run = copyOf(finished);
    await resumeIn(run, { epochs: 5 });
    expect(statusOf(run)).toMatchObject({ state: "finished", attempt: 2, step: 40, totalSteps: 40 });
    expect(differencesBetween(withoutSpec(longer), withoutSpec(run))).toEqual([]);
  });
  test("interrupted while it was extended goes on without being told again", async () => {
    const run = copyOf(finished);
    expect((await refusalOf(resumeIn(run, { epochs: 5, ...abortWhen(atStep(29)) }))).code).toBe("INTERRUPTED");
    await resumeIn(run);
    expect(differencesBetween(withoutSpec(longer), withoutSpec(run))).toEqual([]);
  });
  test("whose beta follows the length of the run cannot be given more, and stays as it is", async () => {
    const following = await runIn({ ...RESTART, objective: { type: "elbo", beta: { type: "cosine", final: 1 } } });
    const before = bytesOf(following);
    const error = await refusalOf(resumeIn(following, { epochs: 5 }));
    expect(error.exitCode).toBe(2);
    expect(error.problems).toEqual([
      {
        message:
          "the schedule of objective.beta depends on the length of the run: with 40 steps instead of 24 it would have had another value at step 1",
        where: following,
        remedy: "Start a new run of that length, or give its schedules a number of steps.",
      },
    ]);
    expect(statusOf(following)).toMatchObject({ state: "finished", step: 24, totalSteps: 24 });
    expect(differencesBetween(before, bytesOf(following))).toEqual([]);
  });
  test("cannot be given fewer, and stays as it is", async () => {
    const run = copyOf(finished);
    const error = await refusalOf(resumeIn(run, { epochs: 2 }));
    expect(error.exitCode).toBe(2);
    expect(error.problems).toEqual([
      {
        message: "the run has trained into epoch 3, and training.epochs is 2",
        where: run,
        remedy: "A run can only be made longer: ask for 3 epochs or more.",
      },
    ]);
    expect(statusOf(run)).toEqual(statusOf(finished));
    expect(differencesBetween(bytesOf(finished), bytesOf(run))).toEqual([]);
  });
});
