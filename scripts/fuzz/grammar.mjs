/** Specs from the exported schema: every component can be drawn, with sound values or with some that are not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../sources.mjs";
import { hostileValue } from "./values.mjs";

const { definitions } = JSON.parse(readFileSync(join(root, "schemas/experiment.schema.json"), "utf8"));
const names = Object.keys(definitions).filter((name) => !name.endsWith(".partial"));
/** Types by kind: "prior" -> ["gaussian", "vamp", ...]. */
const TYPES = Object.fromEntries(
  names
    .filter((name) => !name.includes("."))
    .map((kind) => [
      kind,
      names.filter((name) => name.startsWith(`${kind}.`)).map((name) => name.slice(kind.length + 1)),
    ]),
);

const DEEPEST = 6;
const WORDS = ["value", "label", "x.csv", "x.npy", "shape", "./x.json", "cat", "h", "encoder/"];

/** @param wrong how often a value is hostile instead */
const draw = (random, schema, wrong, depth) => {
  if (random.chance(wrong)) return hostileValue(random);
  if (schema === true || schema === undefined || depth > DEEPEST) return 1;
  if (schema.$ref) return component(random, schema.$ref.split("/").at(-1), wrong, depth + 1);
  if ("const" in schema) return schema.const;
  if (schema.enum) return random.pick(schema.enum);
  for (const list of [schema.oneOf, schema.anyOf]) if (list) return draw(random, random.pick(list), wrong, depth + 1);
  if (schema.allOf?.[0]?.$ref) return draw(random, schema.allOf[0], wrong, depth);
  const type = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type;
  switch (type) {
    case "object": {
      const { properties = {}, required = [] } = schema;
      const chosen = Object.entries(properties).filter(([key]) => required.includes(key) || random.chance(0.3));
      return Object.fromEntries(chosen.map(([key, member]) => [key, draw(random, member, wrong, depth + 1)]));
    }
    case "array": {
      const least = schema.minItems ?? 0;
      return random.times(least, Math.max(least, Math.min(schema.maxItems ?? 3, 3)), () =>
        draw(random, schema.items ?? true, wrong, depth + 1),
      );
    }
    case "integer":
    case "number": {
      const low = schema.minimum ?? schema.exclusiveMinimum ?? 0;
      const high = schema.maximum ?? schema.exclusiveMaximum ?? low + random.pick([1, 4, 32, 1000]);
      return type === "integer"
        ? random.int(Math.ceil(low), Math.floor(Math.min(high, low + 1000)))
        : random.real(low, high);
    }
    case "boolean":
      return random.chance(0.5);
    case "string":
      return random.pick(WORDS);
    default:
      return 1;
  }
};

export const component = (random, name, wrong, depth = 0) => {
  const types = TYPES[name];
  if (!types || types.length === 0) return draw(random, definitions[name], wrong, depth);
  const type = random.pick(types);
  if (random.chance(0.3)) return type;
  const value = draw(random, definitions[`${name}.${type}`], wrong, depth + 1);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value, type } : value;
};

/** The paths that a spec may change in a sweep, of values that exist. */
const PATHS = [
  "objective.beta",
  "model.latent",
  "training.batchSize",
  "data.seed",
  "training.optimizer.learningRate",
  "model.prior",
  "seed",
  "name",
  "a.b",
  "model.heads.0",
  "__proto__.x",
  "training",
  "",
  "sweep.n",
  "evaluation.metrics",
];
const range = (random) =>
  random.pick([
    { low: 0, high: 1 },
    { low: 1, high: 0 },
    { low: 0, high: 0 },
    { low: -1, high: 1, log: true },
    { low: 1e-300, high: 1e300, log: true },
    { low: 1, high: 3, integer: true },
    { low: 1, high: 1e9, integer: true },
    { low: 1, high: 1 + 2 ** -52 },
    { low: 1e-320, high: 2e-320 },
    { low: -1e308, high: 1e308 },
    [1, 2],
    [],
    null,
  ]);
const list = (random) =>
  random.times(random.chance(0.9) ? 1 : 0, random.pick([3, 40]), () =>
    random.chance(0.8) ? random.real(0, 4) : hostileValue(random),
  );
const byPath = (random, most, make) =>
  Object.fromEntries(random.times(1, most, () => [random.pick(PATHS), make(random)]));
const SEEDS = [[], [1], [1, 1], [1, 2, 3], [-1], ["1"], 5, Array.from({ length: 20_000 }, (_, seed) => seed)];

export const sweep = (random) => ({
  ...(random.chance(0.5) && { grid: byPath(random, random.pick([1, 2, 8]), list) }),
  ...(random.chance(0.2) && { zip: byPath(random, 2, list) }),
  ...(random.chance(0.5) && {
    random: {
      n: random.pick([0, 1, 3, 5, 100, 10_000, 10_001, 1e9, -1, 0.5]),
      space: byPath(random, 3, range),
      ...(random.chance(0.3) && { seed: hostileValue(random) }),
    },
  }),
  ...(random.chance(0.4) && { seeds: random.pick(SEEDS) }),
});

/** A whole spec, which is seldom one that can be run. */
export const experiment = (random, wrong) => {
  const value = draw(random, definitions.experiment, wrong, 0);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (random.chance(0.85)) delete value.extends;
  if (random.chance(0.85)) delete value.plugins;
  if (random.chance(0.85)) delete value.warmStart;
  if (random.chance(0.7)) delete value.sweep;
  else value.sweep = sweep(random);
  return { ...value, name: random.chance(0.95) ? "drawn" : value.name };
};
