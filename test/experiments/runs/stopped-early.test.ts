/** A run that early stopping ends: it says so everywhere, and goes on only where its patience is raised. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type ProgressEvent, resumeFolder } from "../../../src/experiments/index.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { readHistory } from "../../../src/storage/read-history.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { abortWhen, copyOf, newFolder, refusalOf, resumeIn, runIn, statusOf } from "../support/runs.js";

const EPOCHS = 10;
const withPatience = (patience: number | undefined, epochs = EPOCHS) =>
  ({
    name: "impatient",
    seed: 1,
    data: { type: "gaussian", train: 160, validation: 20, test: 20 },
    model: { latent: 2, encoder: { type: "mlp", hidden: [8] }, likelihood: "gaussian" },
    training: {
      epochs,
      batchSize: 32,
      optimizer: { type: "adam", learningRate: 0.3 },
      ...(patience !== undefined && { earlyStopping: { patience } }),
    },
    evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
  }) satisfies ExperimentSpec;

/** The epoch by whose end `patience` validations in a row were no better than the best before, as the log tells. */
const stopIn = (folder: string, patience: number): number => {
  const losses = readHistory(join(folder, "history.jsonl")).entries.filter(
    ({ split, name }) => split === "validation" && name === "loss",
  );
  let best = Number.POSITIVE_INFINITY;
  let without = 0;
  for (const { epoch, value } of losses) {
    without = value < best ? 0 : without + 1;
    best = Math.min(best, value);
    if (without === patience) return epoch;
  }
  return Number.POSITIVE_INFINITY;
};
const withoutSpec = (folder: string): Record<string, string> => {
  const { "spec.json": _, ...rest } = bytesOf(folder);
  return rest;
};
const textOf = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");

let full: string;
let stopped: string;
const events: ProgressEvent[] = [];
let epoch: number;
beforeAll(async () => {
  full = await runIn(withPatience(undefined));
  stopped = await runIn(withPatience(1), { reporter: { event: (event) => events.push(event) } });
  epoch = stopIn(full, 1);
  // Otherwise nothing here is tested.
  expect(epoch).toBeLessThan(stopIn(full, 2));
  expect(stopIn(full, 2)).toBeLessThan(EPOCHS);
});

describe("a run that early stopping ended", () => {
  test("says so in its status, its log, its report and to whoever started it", () => {
    const said = `stopped early after epoch ${epoch}: no gain in 1 validation`;
    expect(statusOf(stopped)).toMatchObject({
      state: "finished",
      exit: 0,
      step: 5 * epoch,
      totalSteps: 50,
      stoppedEarly: { epoch, validations: 1 },
    });
    expect(textOf(stopped, "log.txt")).toMatch(new RegExp(`  ${said}$`, "m"));
    expect(textOf(stopped, "report.html")).toContain(`trained and evaluated; ${said}`);
    expect(events.filter(({ type }) => type === "stopped-early")).toEqual([
      { type: "stopped-early", epoch, validations: 1 },
    ]);
  });
  test("says it again where nothing is left to do", async () => {
    const run = copyOf(stopped);
    expect(await resumeFolder({ folder: run })).toMatchObject({ stoppedEarly: { epoch, validations: 1 } });
    expect(differencesBetween(bytesOf(stopped), bytesOf(run))).toEqual([]);
  });
  test("is not made longer, for it would stop there again, and stays as it is", async () => {
    const run = copyOf(stopped);
    const error = await refusalOf(resumeIn(run, { epochs: 20 }));
    expect(error).toMatchObject({ code: "RUN_FOLDER", exitCode: 2 });
    expect(error.problems).toEqual([
      {
        message: `stopped early after epoch ${epoch}: no gain in 1 validation; a longer run would stop there as well`,
        where: run,
        remedy: `Raise the patience: vaelab resume ${run} --epochs 20 --patience 2, or more.`,
      },
    ]);
    expect(statusOf(run)).toEqual(statusOf(stopped));
    expect(differencesBetween(bytesOf(stopped), bytesOf(run))).toEqual([]);
  });
  test("with more patience becomes the run that had it from the start", async () => {
    const run = copyOf(stopped);
    await resumeIn(run, { patience: 2 });
    expect(statusOf(run).stoppedEarly).toEqual({ epoch: stopIn(full, 2), validations: 2 });
    expect(differencesBetween(withoutSpec(await runIn(withPatience(2))), withoutSpec(run))).toEqual([]);
  });
  test("with more patience and epochs trains them all", async () => {
    const run = copyOf(stopped);
    await resumeIn(run, { patience: 100, epochs: 12 });
    expect(statusOf(run)).toMatchObject({ state: "finished", step: 60, totalSteps: 60 });
    expect(statusOf(run).stoppedEarly).toBeUndefined();
    expect(differencesBetween(withoutSpec(await runIn(withPatience(100, 12))), withoutSpec(run))).toEqual([]);
  });
  test("and was interrupted while it was evaluated goes on to the same bytes, and says so", async () => {
    const out = newFolder();
    const evaluating = (event: ProgressEvent): boolean => event.type === "phase" && event.name === "measuring elbo";
    await refusalOf(runIn(withPatience(1), abortWhen(evaluating), out));
    expect(statusOf(out).state).toBe("interrupted");
    expect(statusOf(out).stoppedEarly).toEqual({ epoch, validations: 1 });
    await resumeIn(out);
    expect(statusOf(out)).toMatchObject({ state: "finished", stoppedEarly: { epoch, validations: 1 } });
    expect(differencesBetween(bytesOf(stopped), bytesOf(out))).toEqual([]);
  });
});

describe("patience is refused", () => {
  test("where it is less than it was", async () => {
    const run = copyOf(stopped);
    await resumeIn(run, { patience: 2 });
    const error = await refusalOf(resumeIn(run, { patience: 1 }));
    expect(error.exitCode).toBe(2);
    expect(error.problems[0]!.remedy).toBe("Patience can only be raised: ask for 2 or more.");
  });
  test("where the run has no early stopping, and has trained all of its epochs", async () => {
    expect((await refusalOf(resumeIn(copyOf(full), { patience: 3 }))).problems[0]!.message).toBe(
      "the run has no early stopping whose patience could be raised",
    );
    const patient = await runIn(withPatience(50, 2));
    expect(statusOf(patient).stoppedEarly).toBeUndefined();
    expect((await refusalOf(resumeIn(patient, { patience: 60 }))).problems[0]!.message).toBe(
      "the run has trained all of its 2 epochs, so patience changes nothing",
    );
  });
});

test("a sweep tells which of its trials early stopping ended, on the way and in its report", async () => {
  const told: ProgressEvent[] = [];
  const spec = { ...withPatience(1), sweep: { grid: { "training.earlyStopping.patience": [1, 50] } } };
  const sweep = await runIn(spec, { reporter: { event: (event) => told.push(event) } });
  const ended = told.filter((event) => event.type === "trial" && event.state === "finished");
  expect(ended.map((event) => "stoppedEarly" in event && event.stoppedEarly)).toEqual([
    { epoch, validations: 1 },
    false,
  ]);
  expect(textOf(sweep, "report.html").split(`finished: stopped early after epoch ${epoch}`)).toHaveLength(2);
});
