/** Every spec of examples/ and its presets says what it shows, validates, and runs in miniature. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runExperiment } from "../../src/experiments/index.js";
import { loadOptions } from "../../src/experiments/runs/load-options.js";
import { type Experiment, loadExperiment } from "../../src/registry/experiment.js";
import { latentPlans } from "../../src/spec/latents.js";
import { canonicalJson, isObject } from "../../src/storage/json.js";
import type { RunMetrics, SweepMetrics } from "../../src/storage/layout.js";
import { root } from "../structure/rooms.js";

const folder = mkdtempSync(join(tmpdir(), "vaelab-examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const jsonIn = (path: string): string[] =>
  readdirSync(join(root, path))
    .filter((file) => file.endsWith(".json"))
    .map((file) => join(root, path, file));
const examples = jsonIn("examples");
const presets = jsonIn("examples/presets");

/** Presets with a Gaussian likelihood. */
const GRAY = new Set(["sigma-vae", "wae-mmd", "swae", "aae", "rae-l2", "rae-gp", "log-cosh-vae"]);

/** A preset lacks a name and data: here they are, gray where its likelihood is a Gaussian. */
const extended = (preset: string): string => {
  const name = basename(preset, ".json");
  const file = join(folder, `${name}.json`);
  const data = { type: "digits", binarize: GRAY.has(name) ? "none" : "static" };
  writeFileSync(file, JSON.stringify({ name, extends: [`preset:${name}`], data }));
  return file;
};
const specs = [...examples, ...presets.map(extended)].map((file) => ({ name: basename(file, ".json"), file }));

const TRAIN = 256;
const BATCH = 128;
const flag = (path: string, value: unknown): string => `${path}=${JSON.stringify(value)}`;

/** Schedules that would outlast two steps, shortened to one. */
const schedulesIn = (value: unknown, path: string): string[] => {
  if (!isObject(value)) return [];
  if ("after" in value) return [flag(`${path}.steps`, 1), flag(`${path}.after`, 0)];
  return Object.entries(value).flatMap(([key, inner]) => schedulesIn(inner, `${path}.${key}`));
};
/** Two settings: two values on the first axis, one on the others; one seed. */
const sweepOf = ({ spec }: Experiment): string[] => {
  if (!spec.sweep) return [];
  const { grid = {}, zip = {} } = spec.sweep;
  const cut = (axes: object, first: number): object =>
    Object.fromEntries(Object.entries(axes).map(([path, values], i) => [path, values.slice(0, i === 0 ? first : 1)]));
  const zipped = Object.fromEntries(
    Object.entries(zip).map(([path, values]) => [path, values.slice(0, Object.keys(grid).length > 0 ? 1 : 2)]),
  );
  const flags = [flag("sweep.seeds", [1])];
  if (Object.keys(grid).length) flags.push(flag("sweep.grid", cut(grid, 2)));
  if (Object.keys(zip).length) flags.push(flag("sweep.zip", zipped));
  return flags;
};
/** Layers of few units, mixtures of few components: what differs between specs stays. */
const narrow = ({ spec: { model } }: Experiment): string[] => {
  const most = (value: unknown, limit: number): unknown =>
    Array.isArray(value) ? value.map((each) => Math.min(Number(each), limit)) : Math.min(Number(value), limit);
  return (["encoder", "decoder", "prior"] as const).flatMap((part) =>
    Object.entries(model[part] ?? {}).flatMap(([key, value]) =>
      key === "hidden" || key === "components" ? [flag(`model.${part}.${key}`, most(value, 32))] : [],
    ),
  );
};
/** Where a spec's data are read, rather than made from others: the sizes are said there. */
const sizesOf = ({ spec: { data } }: Experiment): string[] => {
  if ("run" in data) return [];
  if (isObject(data.of) && "run" in data.of) return [flag("data.perClass", 1)];
  const read = isObject(data.of) ? "data.of" : "data";
  const sizes = [flag(`${read}.train`, TRAIN), flag(`${read}.validation`, 64), flag(`${read}.test`, 64)];
  return "perClass" in data ? [...sizes, flag("data.perClass", 2)] : sizes;
};
const miniature = (experiment: Experiment): string[] => {
  const { spec } = experiment;
  return [
    ...sizesOf(experiment),
    flag("training.epochs", 1),
    flag("training.batchSize", BATCH),
    flag(
      "evaluation.metrics",
      spec.evaluation.metrics.map((metric) => ("samples" in metric ? { ...metric, samples: 10 } : metric)),
    ),
    flag("evaluation.refit.epochs", Math.min(spec.evaluation.refit.epochs, 1)),
    ...narrow(experiment),
    ...schedulesIn(spec.objective, "objective"),
    ...schedulesIn(spec.training, "training"),
    ...sweepOf(experiment),
  ];
};

const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), "utf8")) as T;

test("there are examples, and a preset a paper", () => {
  expect(examples.map((file) => basename(file))).toContain("digits-beta.json");
  expect(presets.map((file) => basename(file, ".json"))).toEqual(
    expect.arrayContaining([
      ...["autoencoder", "beta-vae", "beta-vae-capacity", "conditional", "free-bits", "m1"],
      ...["mixture-prior", "sigma-vae", "vae", "vampprior"],
    ]),
  );
});
test.each(presets)("%s names its paper in its description", (file) => {
  expect(read<{ description: string }>(file).description).toMatch(/ (19|20)\d\d\b/);
});

/** A spec that begins where another ends, and where it is told of that one's run. */
const SECOND_STAGES: Readonly<Record<string, { first: string; path: string }>> = {
  "digits-m1-m2": { first: "digits-m1", path: "data.of.run" },
};
/** The first stage, run in miniature, and the flag that names its run. */
const stageBefore = async (name: string, file: string): Promise<string[]> => {
  const stage = basename(file) === `${name}.json` && examples.includes(file) ? SECOND_STAGES[name] : undefined;
  if (!stage) return [];
  const out = join(folder, `before-${name}`);
  const spec = join(root, "examples", `${stage.first}.json`);
  if (!existsSync(out)) {
    const set = miniature(await loadExperiment(spec, loadOptions()));
    await runExperiment({ spec, set, out, engine: "native", threads: 1 });
  }
  return [flag(stage.path, out)];
};

describe.each(specs)("$name", ({ name, file }) => {
  test("is called as its file, and says what it shows", async () => {
    const set = await stageBefore(name, file);
    const { spec } = await loadExperiment(file, loadOptions({ set }));
    expect(spec.name).toBe(name);
    expect(spec.description ?? "").toMatch(/\S+ \S+ \S+/);
  });
  test("runs in miniature", async () => {
    const before = await stageBefore(name, file);
    const experiment = await loadExperiment(file, loadOptions({ set: before }));
    const out = join(folder, name);
    const { kind, report } = await runExperiment({
      spec: file,
      set: [...before, ...miniature(experiment)],
      out,
      engine: "native",
      threads: 1,
    });
    expect(existsSync(report)).toBe(true);
    const runs =
      kind === "run"
        ? [out]
        : read<SweepMetrics>(out, "metrics.json").points.map((point) => join(out, "trials", point.trial, "attempt-1"));
    expect(runs).toHaveLength(experiment.spec.sweep ? 2 : 1);
    for (const run of runs) {
      expect(read(run, "status.json")).toMatchObject({ state: "finished", exit: 0, step: TRAIN / BATCH });
      const { distortion, rate } = read<RunMetrics>(run, "metrics.json").measurements;
      expect(distortion?.value).toEqual(expect.any(Number));
      if (latentPlans(experiment.spec.model, {})[0]!.posterior.type === "deterministic")
        expect(rate).toMatchObject({ value: null });
      else expect(rate?.value).toBeGreaterThan(0);
    }
  }, 180_000);
});

test("presets differ in what they compute", async () => {
  const computed = await Promise.all(
    specs.slice(examples.length).map(async ({ file }) => {
      const { model, objective, regularizers, training } = (await loadExperiment(file, loadOptions())).spec;
      return canonicalJson({ model, objective, regularizers: regularizers ?? [], training });
    }),
  );
  expect(new Set(computed).size).toBe(presets.length);
});
