/** Subject "specs": specs drawn from the grammar or mutated from sound ones, in every command that reads a spec. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../sources.mjs";
import { damaged } from "./bytes.mjs";
import { component, experiment, sweep } from "./grammar.mjs";
import { makePlaces, PATHS } from "./places.mjs";
import { TINY } from "./small.mjs";
import { copyOf, hostileKey, hostileText, hostileValue, mutated, resized, spell } from "./values.mjs";

const SHIPPED = ["examples", "examples/presets"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(root, folder, name), "utf8"))),
);

/** Slots of a spec, by the kind that stands there. */
const SLOTS = [
  [
    "data",
    (spec, value) => {
      spec.data = value();
    },
    "dataset",
  ],
  ...["encoder", "decoder", "posterior", "prior", "likelihood"].map((kind) => [
    kind,
    (spec, value) => {
      spec.model = { ...spec.model, [kind]: value() };
    },
    kind,
  ]),
  [
    "heads",
    (spec, value) => {
      spec.model = { ...spec.model, heads: [value(), value()] };
    },
    "head",
  ],
  [
    "objective",
    (spec, value) => {
      spec.objective = value();
    },
    "objective",
  ],
  [
    "regularizers",
    (spec, value) => {
      spec.regularizers = [value(), value()];
    },
    "regularizer",
  ],
  [
    "beta",
    (spec, value) => {
      spec.objective = { type: "elbo", beta: value() };
    },
    "schedule",
  ],
  [
    "optimizer",
    (spec, value) => {
      spec.training = { ...spec.training, optimizer: value() };
    },
    "optimizer",
  ],
  [
    "metrics",
    (spec, value) => {
      spec.evaluation = { ...spec.evaluation, metrics: [value(), value()] };
    },
    "metric",
  ],
  [
    "samplers",
    (spec, value) => {
      spec.evaluation = { ...spec.evaluation, samplers: [value()] };
    },
    "sampler",
  ],
  [
    "layers",
    (spec, value) => {
      spec.model = { ...spec.model, encoder: { type: "layers", layers: [value(), value(), value()] } };
    },
    "layer",
  ],
];

/** A sound spec with parts exchanged for drawn ones. */
const recombined = (random, base, wrong) => {
  const spec = copyOf(base);
  for (let count = random.int(1, 3); count > 0; count--) {
    const [, put, kind] = random.pick(SLOTS);
    put(spec, () => component(random, kind, wrong));
  }
  return spec;
};

const pathOf = (random) => (random.chance(0.8) ? random.pick(PATHS) : hostileText(random));
const withPath = (random) => {
  const path = pathOf(random);
  return {
    ...copyOf(TINY),
    ...random.pick([
      { extends: path },
      { extends: [path, path, "./spec.json"] },
      { extends: [`preset:${path}`] },
      { extends: "./circle.json" },
      { plugins: [path] },
      { plugins: [`./${path}`, path] },
      { warmStart: { run: path } },
      { data: { type: "codes", run: path } },
      { data: { type: "csv", file: path, ...(random.chance(0.5) && { label: pathOf(random) }) } },
      { data: { type: "npy", values: path, ...(random.chance(0.5) && { labels: pathOf(random) }) } },
      { data: { type: "npz", file: path } },
      { data: { type: "idx", images: path, labels: pathOf(random) } },
      { data: { type: "image-folder", folder: path } },
    ]),
  };
};

const FLAGS = [
  "objective.beta=.5",
  "objective.beta=1e999",
  "__proto__.x=1",
  "constructor.prototype.x=1",
  "a.b.c=1",
  "=",
  "=1",
  "model=",
  "model=null",
  "model.heads.99999999=1",
  "data={",
  "training.epochs=-1",
  "evaluation.metrics=elbo",
  'model.prior={"type":"vamp"}',
  "name=\u001b[31m",
  "sweep.seeds=[1,2]",
  "extends=./spec.json",
  `a${".a".repeat(5000)}=1`,
  `data=${"[".repeat(50_000)}`,
];

const specOf = (random) =>
  random.weighted([
    [3, () => experiment(random, random.pick([0, 0.02, 0.1]))],
    [3, () => recombined(random, random.chance(0.5) ? TINY : random.pick(SHIPPED), random.pick([0, 0.05, 0.2]))],
    [2, () => resized(random, random.pick(SHIPPED))],
    [5, () => mutated(random, random.pick(SHIPPED))],
    [3, () => mutated(random, TINY)],
    [2, () => withPath(random)],
    [2, () => ({ ...copyOf(random.chance(0.5) ? TINY : random.pick(SHIPPED)), sweep: sweep(random) })],
    [1, () => ({ ...copyOf(TINY), [hostileKey(random)]: hostileValue(random) })],
    [0.3, () => hostileValue(random)],
  ])();

/** Trains in a moment unless a change made it larger; it is then stopped by Ctrl-C, and has to obey. */
const runnable = (random) =>
  random.weighted([
    [3, () => recombined(random, TINY, 0)],
    [4, () => resized(random, recombined(random, TINY, 0))],
    [3, () => resized(random, TINY)],
    [1, () => mutated(random, TINY, { value: () => hostileValue(random, { tokens: false }), most: 1 })],
  ])();

export const specs = {
  prepare: (random, { given }) => {
    const isRun = random.chance(0.2);
    makePlaces(given);
    writeFileSync(join(given, "circle.json"), JSON.stringify({ ...TINY, extends: ["./spec.json"] }));
    const text = spell(isRun ? runnable(random) : specOf(random));
    writeFileSync(join(given, "spec.json"), !isRun && random.chance(0.15) ? damaged(random, Buffer.from(text)) : text);
    const file =
      !isRun && random.chance(0.04) ? random.pick(PATHS.filter((path) => !path.includes("\0"))) : "spec.json";
    const flags = random.chance(0.15)
      ? random.times(1, 3, () => [random.pick(["--set", "--add"]), random.pick(FLAGS)]).flat()
      : [];
    const json = random.chance(0.1) ? ["--json"] : [];
    if (isRun)
      return {
        args: ["run", file, "--out", "out", "--jobs", "1", ...flags, ...json],
        out: "out",
        interruptAfter: 3,
        mayTrain: true,
      };
    return { args: [random.pick(["validate", "validate", "validate", "config", "plan"]), file, ...flags, ...json] };
  },
};
