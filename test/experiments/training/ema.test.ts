/** Averaged weights in a whole run: what is scored, and never what is trained. */
import { beforeAll, describe, expect, test } from "vitest";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { readCheckpoint } from "../../../src/storage/checkpoint.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { RESTART } from "../support/restart-spec.js";
import { abortWhen, atStep, newFolder, refusalOf, resumeIn, runIn } from "../support/runs.js";

/** Three epochs of eight steps. */
const SPEC = { ...RESTART, evaluation: { metrics: ["elbo"], refit: { epochs: 0 } } } satisfies ExperimentSpec;
const averaged = (ema: { decay: number; start: number }): ExperimentSpec => ({
  ...SPEC,
  training: { ...SPEC.training, ema },
});
const checkpoint = (run: string) => readCheckpoint(run, "latest", (message) => expect.unreachable(message));
const of = (tensors: object, prefix: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );

let plain: string;
let run: string;
const ema = { decay: 0.9, start: 4 };
beforeAll(async () => {
  plain = await runIn(SPEC);
  run = await runIn(averaged(ema));
});

describe("a run whose weights are averaged", () => {
  test("trains the weights that it would have trained, to the byte, and scores others", () => {
    const [a, b] = [checkpoint(plain), checkpoint(run)];
    expect(of(b.optimizer, "trained/")).toEqual(a.model);
    expect(of(b.optimizer, "optimizer/")).toEqual(of(a.optimizer, "optimizer/"));
    expect(Object.keys(b.model)).toEqual(Object.keys(a.model));
    expect(b.model).not.toEqual(a.model);
  });
  test("validates and evaluates the averages", () => {
    const differing = differencesBetween(bytesOf(plain), bytesOf(run)).map((line) => line.split(" ")[0]);
    expect(differing).toEqual(expect.arrayContaining(["history.jsonl", "metrics.json", "samples/prior-draws.png"]));
  });
  test("from its last step on is scored as if they were not", async () => {
    const last = bytesOf(await runIn(averaged({ decay: 0.9, start: 23 })));
    const differing = differencesBetween(bytesOf(plain), last).map((line) => line.split(" ")[0]);
    expect(differing).not.toContain("history.jsonl");
    expect(differing).not.toContain("per-example.npz");
  });
  test.each([2, 13])("interrupted at step %d goes on to the same bytes", async (step) => {
    const out = newFolder();
    expect((await refusalOf(runIn(averaged(ema), abortWhen(atStep(step)), out))).code).toBe("INTERRUPTED");
    await resumeIn(out);
    expect(differencesBetween(bytesOf(run), bytesOf(out))).toEqual([]);
  });
});
