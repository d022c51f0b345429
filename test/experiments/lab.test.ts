/** Each service, exchanged by a program in one line: what runs after that uses it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadEngine } from "../../src/engine/load.js";
import type { ProgressEvent } from "../../src/experiments/index.js";
import {
  createLab,
  defineDataset,
  type ExperimentSpec,
  type Rebinding,
  type RunOptions,
  type TrackerEvent,
} from "../../src/index.js";
import { readCheckpoint } from "../../src/storage/checkpoint.js";
import { buildOnce } from "../cli/command.js";
import { newFolder, refusalOf, statusOf } from "./support/runs.js";

const SPEC = {
  name: "lab",
  data: { type: "gaussian", eigenvalues: [4, 2, 1], train: 128, validation: 64, test: 64 },
  model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
  training: { epochs: 2, batchSize: 64 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
} satisfies ExperimentSpec;
const SWEEP = { ...SPEC, sweep: { seeds: [1, 2] } } satisfies ExperimentSpec;

const engine = process.env.VAELAB_TEST_ENGINE === "wasm" ? "wasm" : "native";
const runWith = async (
  services: Rebinding,
  options: Partial<RunOptions> = {},
  spec: ExperimentSpec = SPEC,
): Promise<string> =>
  (await createLab(services).run(spec, { engine, threads: 1, out: newFolder(), ...options })).folder;

test("a clock: status and log bear its time, and no rate comes from another", async () => {
  const events: ProgressEvent[] = [];
  let ticks = 0;
  const clock = { date: () => new Date(Date.UTC(2020, 1, 3)), milliseconds: () => 500 * ticks++ };
  const folder = await runWith({ clock }, { reporter: { event: (event) => void events.push(event) } });
  expect(statusOf(folder)).toMatchObject({
    startedAt: "2020-02-03T00:00:00.000Z",
    updatedAt: "2020-02-03T00:00:00.000Z",
  });
  const log = readFileSync(join(folder, "log.txt"), "utf8").trimEnd().split("\n");
  expect(log.length).toBeGreaterThan(3);
  expect(log.every((line) => line.startsWith("2020-02-03T00:00:00.000Z  "))).toBe(true);
  // One tick a step: half a second each, so two steps a second, of 4 in all.
  const training = events.filter((event) => event.type === "progress" && event.name === "training");
  expect(training).toMatchObject([
    { done: 1, total: 4 },
    { done: 2, rate: 2, secondsLeft: 1 },
    { done: 3, rate: 2, secondsLeft: 0.5 },
    { done: 4, rate: 2, secondsLeft: 0 },
  ]);
  expect(training[0]).not.toHaveProperty("rate");
});

test("a tracker: it is told of the start, the metrics of each epoch and of the evaluation, the files, and the end", async () => {
  const events: TrackerEvent[] = [];
  const folder = await runWith({ tracker: { event: (event) => void events.push(event) } });
  expect(events.every(({ run }) => run === folder)).toBe(true);
  expect(
    events
      .map(({ type }) => type)
      .join(" ")
      .replace(/( artifact)+/, " artifact..."),
  ).toBe("started metrics metrics metrics metrics metrics artifact... finished");
  expect(events[0]).toMatchObject({
    type: "started",
    name: "lab",
    step: 0,
    spec: { seed: 1, training: { epochs: 2 } },
  });
  const history = readFileSync(join(folder, "history.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { step: number; split: string; name: string; value: number });
  const kept = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
  const metrics = events.filter((event) => event.type === "metrics");
  expect(metrics.map(({ step, split }) => [step, split])).toEqual([
    [2, "train"],
    [2, "validation"],
    [4, "train"],
    [4, "validation"],
    [kept.checkpoint.step, "test"],
  ]);
  for (const { step, split, values } of metrics.slice(0, 4))
    expect(history).toContainEqual(expect.objectContaining({ step, split, name: "loss", value: values.loss }));
  expect(metrics[4]!.values.elbo).toBe(kept.measurements.elbo.value);
  for (const { values, figures } of metrics)
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(Object.keys(values)));
  expect(metrics[0]!.values["training.optimizer.learningRate"]).toBe(0.001);
  expect(metrics[0]!.figures).toMatchObject({
    rate: { title: "rate", unit: "nats", kind: "term", phase: "elbo", term: "rate" },
    "objective.beta": { title: "beta", kind: "schedule", role: "weight" },
  });
  expect(metrics[4]!.figures.elbo).toEqual({
    metric: "elbo",
    figure: "elbo",
    title: "ELBO",
    unit: "nats",
    better: "higher",
  });
  const artifacts = events.flatMap((event) => (event.type === "artifact" ? [event.path] : []));
  expect(artifacts).toContain(join(folder, "report.html"));
  expect(artifacts.filter((path) => !existsSync(path))).toEqual([]);
  expect(events.at(-1)).toMatchObject({ type: "finished", state: "finished" });
});

test("a tracker is waited for, in order; one that fails costs a warning and no figure", async () => {
  const told: string[] = [];
  const slow = {
    event: async ({ type }: TrackerEvent) => {
      await new Promise((resolve) => setTimeout(resolve, type === "started" ? 30 : 1));
      told.push(type);
    },
  };
  const folder = await runWith({ tracker: slow });
  expect([told[0], told.at(-1)]).toEqual(["started", "finished"]);

  const warnings: string[] = [];
  const reporter = { event: (e: ProgressEvent) => void (e.type === "warning" && warnings.push(e.message)) };
  const broken = {
    event: () => {
      throw new Error("no network");
    },
  };
  const other = await runWith({ tracker: broken }, { reporter });
  expect(warnings).toEqual(["the tracker failed; the run continues without it: no network"]);
  const metricsOf = (run: string): string => readFileSync(join(run, "metrics.json"), "utf8");
  expect(metricsOf(other)).toBe(metricsOf(folder));
});

test("a run that fails, or is interrupted, tells the tracker so", async () => {
  const endOf = async (spec: ExperimentSpec, options: Partial<RunOptions> = {}): Promise<TrackerEvent> => {
    const events: TrackerEvent[] = [];
    await refusalOf(runWith({ tracker: { event: (event) => void events.push(event) } }, options, spec));
    return events.at(-1)!;
  };
  const diverging = {
    ...SPEC,
    training: { ...SPEC.training, optimizer: { type: "sgd", learningRate: 1e30 } },
  } as const;
  expect(await endOf(diverging)).toMatchObject({ type: "finished", state: "failed", reason: /diverged/ });
  const controller = new AbortController();
  const reporter = { event: (event: ProgressEvent) => void (event.type === "epoch" && controller.abort()) };
  expect(await endOf(SPEC, { reporter, signal: controller.signal })).toMatchObject({
    type: "finished",
    state: "interrupted",
  });
});

test("a reporter: of every run, where a call names none", async () => {
  const events: ProgressEvent[] = [];
  await runWith({ reporter: { event: (event) => void events.push(event) } });
  expect(events.filter(({ type }) => type === "epoch")).toHaveLength(2);
});

test("an engine: whatever is asked for, the program's own loader answers", async () => {
  const asked: unknown[] = [];
  const folder = await runWith(({ engine: load }) => ({
    engine: (choice, options) => {
      asked.push([choice, options]);
      return load("cpu", options);
    },
  }));
  expect(asked).toEqual([[engine, { threads: 1 }]]);
  const { engine: used } = JSON.parse(readFileSync(join(folder, "provenance.json"), "utf8"));
  expect(used.name).toBe("cpu");
  await loadEngine(engine, { threads: 1 });
});

test("a cache: what is computed once a data set is kept there, and taken from there", async () => {
  const kept = new Map<string, Promise<Uint8Array>>();
  const computed: string[] = [];
  const cache: NonNullable<Exclude<Rebinding, (...args: never) => unknown>["cache"]> = {
    once: (kind, key, compute) => {
      const known = kept.get(kind + key);
      if (known) return known;
      computed.push(kind);
      const made = compute();
      kept.set(kind + key, made);
      return made;
    },
  };
  const spec: ExperimentSpec = { ...SPEC, evaluation: { ...SPEC.evaluation, metrics: ["frechet-distance"] } };
  await runWith({ cache }, {}, spec);
  const once = computed.length;
  expect(once).toBeGreaterThan(0);
  await runWith({ cache }, {}, spec);
  expect(computed).toHaveLength(once);
});

const numbers = defineDataset({
  schema: {
    type: "object",
    title: "two numbers",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "numbers" } },
  },
  create: () => {
    const values = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i));
    const sizes = { train: 128, validation: 64, test: 64 };
    return {
      fields: { pair: { kind: "vector", shape: [2], support: "real" } },
      modeled: "pair",
      sizes,
      sha256: "0".repeat(64),
      split: (name) => ({
        size: sizes[name],
        read: (rows) => ({
          pair: Float32Array.from(Array.from(rows).flatMap((row) => [values[row]!, values[row + 1]!])),
        }),
      }),
    };
  },
});

test("a catalogue: components of the program's own, without a plugin's file", async () => {
  // No type knows it: it is bound here, and declared nowhere.
  const spec = { ...SPEC, data: "numbers" } as unknown as ExperimentSpec;
  expect((await refusalOf(runWith({}, {}, spec))).code).toBe("SPEC_INVALID");
  const folder = await runWith(({ catalogue }) => ({ catalogue: catalogue.child([numbers], "this test") }), {}, spec);
  expect(readCheckpoint(folder, "latest", expect.fail).model["decoder/output/weights"]?.shape.at(-1)).toBe(2);
});

test("a launcher: the trials of a sweep run where it says", async () => {
  const launched: string[] = [];
  const folder = await runWith(
    ({ launcher }) => ({
      launcher: async (experiment, options) => {
        const inner = await launcher(experiment, options);
        return {
          ...inner,
          runTrial: (trial, ...rest) => {
            launched.push(trial.id);
            return inner.runTrial(trial, ...rest);
          },
        };
      },
    }),
    {},
    SWEEP,
  );
  const plan = readFileSync(join(folder, "plan.jsonl"), "utf8").trimEnd().split("\n");
  expect(launched).toEqual(plan.map((line) => JSON.parse(line).id));
});

test.each<[string, object, string]>([
  ["an unknown service", { clocks: {} }, 'there is no service "clocks". Did you mean "clock"? Known: '],
  ["a tracker that cannot be told", { tracker: {} }, 'the service "tracker" has no function "event"'],
  ["an engine that is none", { engine: "native" }, 'the service "engine" is not a function'],
])("%s is refused", async (_, services, message) => {
  const error = await refusalOf(createLab(services).run(SPEC));
  expect(error.code).toBe("USAGE");
  expect(error.message).toContain(message);
});

test("two labs of one process do not share what they exchange", async () => {
  const one: TrackerEvent[] = [];
  const lab = createLab({ tracker: { event: (event) => void one.push(event) } });
  await createLab().run(SPEC, { engine, threads: 1, out: newFolder() });
  expect(one).toEqual([]);
  await lab.run(SPEC, { engine, threads: 1, out: newFolder() });
  expect(one).not.toEqual([]);
});

let folder = "";
beforeAll(() => {
  buildOnce();
  folder = mkdtempSync(join(tmpdir(), "vaelab-lab-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("trials in other processes tell this one's tracker; what exists here alone keeps them here, with a warning", async () => {
  const events: TrackerEvent[] = [];
  const tracker = { event: (event: TrackerEvent) => void events.push(event) };
  const out = join(folder, "sweep");
  await createLab({ tracker }).run(SWEEP, { engine, out, jobs: 2 });
  expect(events.filter(({ type }) => type === "started")).toHaveLength(2);
  expect(events.filter(({ type }) => type === "finished")).toHaveLength(2);
  expect(new Set(events.map(({ run }) => run)).size).toBe(2);

  const warnings: string[] = [];
  const reporter = { event: (e: ProgressEvent) => void (e.type === "warning" && warnings.push(e.message)) };
  const clock = { date: () => new Date(0), milliseconds: () => 0 };
  const alone = await createLab({ clock }).run(SWEEP, { engine, out: join(folder, "alone"), jobs: 2, reporter });
  expect(warnings).toEqual(["trials run one at a time, because the program's own clock exists only in this process"]);
  expect(readFileSync(join(alone.folder, "summary.csv"), "utf8")).toBe(readFileSync(join(out, "summary.csv"), "utf8"));
});
