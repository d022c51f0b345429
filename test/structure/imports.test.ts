/**
 * Imports point one way and form no circle: cli → experiments → {report, registry, engine, models} → the floors below. Component
 * rooms never import each other; src/builtins.ts alone names them all. Hidden seeds and second copies of `tf` are found here too.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Definition, typeOf } from "../../src/spec/define.js";
import {
  COMPONENT_ROOMS,
  circles,
  type Import,
  importsOf,
  roomOf,
  root,
  typescriptFiles,
  withoutComments,
} from "./rooms.js";

const files = typescriptFiles("src");
const componentRooms: readonly string[] = COMPONENT_ROOMS;

/** From the bottom up: a room may import the floors below its own. */
const FOUNDATION = ["errors.ts", "numerics", "tensor", "contracts"];
const COMPUTING = [...FOUNDATION, "spec", "distributions", "nn", "inference"];
/** What each room may import besides itself. A room that is not listed here is an error. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "errors.ts": [],
  numerics: ["errors.ts"],
  tensor: ["errors.ts", "numerics"],
  contracts: ["errors.ts", "numerics", "tensor"],
  storage: FOUNDATION,
  spec: FOUNDATION,
  distributions: [...FOUNDATION, "nn"],
  nn: [...FOUNDATION, "spec"],
  inference: [...FOUNDATION, "spec", "distributions", "nn"],
  ...Object.fromEntries(COMPONENT_ROOMS.map((room) => [room, [...COMPUTING, "storage"]])),
  // The model that joins the parts.
  models: COMPUTING,
  engine: [...FOUNDATION, "storage", "inference"],
  registry: [...FOUNDATION, "storage", "spec"],
  report: [...FOUNDATION, "storage"],
  "builtins.ts": [...FOUNDATION, "spec", ...COMPONENT_ROOMS],
  experiments: [...COMPUTING, "storage", "registry", "engine", "report", "models", "builtins.ts"],
  "parts.ts": COMPUTING,
  // What a plugin tests itself with trains small models, as experiments do.
  testing: [...COMPUTING, "storage", "registry", "engine", "experiments", "builtins.ts"],
  "testing.ts": [...COMPUTING, "engine", "testing"],
  cli: [
    ...FOUNDATION,
    "storage",
    "spec",
    "distributions",
    "registry",
    "engine",
    "report",
    "experiments",
    "builtins.ts",
  ],
  "index.ts": [...FOUNDATION, "spec", "registry", "engine", "report", "experiments", "builtins.ts"],
};

const TENSORFLOW = /^@tensorflow\//;
/** Why a file may not import this, or nothing. */
const refusal = (file: string, { specifier, file: target, typeOnly }: Import): string | undefined => {
  const room = roomOf(file);
  if (TENSORFLOW.test(specifier)) {
    if (room === "engine") return undefined;
    return file === "src/tensor/tensor.ts" && typeOnly
      ? undefined
      : "TensorFlow.js is imported by the engine alone; use `tf` of tensor/tensor.ts";
  }
  if (/^(inversify|reflect-metadata)$/.test(specifier) && file !== "src/experiments/services/scope.ts")
    return "inversify is imported by src/experiments/services/scope.ts alone";
  if (!target) return undefined;
  const other = roomOf(target);
  if (other === room) return undefined;
  if (!ALLOWED[room]) return `src/${room} is not a known room`;
  if (!ALLOWED[room].includes(other)) return `src/${room} may not import from src/${other}`;
  if (room === "builtins.ts" && componentRooms.includes(other) && basename(target) !== "index.ts")
    return "builtins.ts joins the indexes";
  return undefined;
};
const refusals = (file: string, text?: string): string[] =>
  importsOf(file, text).flatMap((each) => {
    const reason = refusal(file, each);
    return reason ? [`${file}: "${each.specifier}": ${reason}`] : [];
  });

const unknownRooms = (paths: readonly string[]): string[] => paths.filter((file) => !ALLOWED[roomOf(file)]);

describe("imports point one way", () => {
  test.each([
    ["src/priors/vamp.ts", 'import { mlp } from "../models/encoders/mlp.js";'],
    ["src/priors/vamp.ts", 'import type { Catalogue } from "../registry/catalogue.js";'],
    ["src/priors/vamp.ts", 'export { x } from "../engine/load.js";'],
    ["src/inference/step.ts", 'const load = () => import("../engine/load.js");'],
    ["src/inference/step.ts", 'import * as tf from "@tensorflow/tfjs-core";'],
    ["src/inference/step.ts", 'import type { Tensor } from "@tensorflow/tfjs-core";'],
    ["src/tensor/tensor.ts", 'import * as tf from "@tensorflow/tfjs-core";'],
    ["src/report/pages/html.ts", 'import { run } from "../../experiments/index.js";'],
    ["src/experiments/build.ts", 'import { Container } from "inversify";'],
    ["src/builtins.ts", 'import { vamp } from "./priors/vamp.js";'],
    ["src/metrics/likelihood/elbo.ts", 'type T = import("../../losses/elbo.js").Elbo;'],
  ])("%s may not say %s", (file, text) => {
    expect(refusals(file, text)).toHaveLength(1);
  });
  test.each([
    ["src/priors/vamp.ts", 'import { definePrior } from "../spec/define.js"; import { help } from "./help.js";'],
    ["src/tensor/tensor.ts", 'import type * as TensorFlow from "@tensorflow/tfjs-core";'],
    ["src/engine/load.ts", 'await import("@tensorflow/tfjs-core");'],
    ["src/cli/main.ts", 'await import("../experiments/index.js");'],
    ["src/builtins.ts", 'import * as priors from "./priors/index.js";'],
  ])("%s may say %s", (file, text) => {
    expect(refusals(file, text)).toEqual([]);
  });

  test.each(["src/utils/strings.ts", "src/helpers.ts"])("%s lies in an unknown room", (file) => {
    expect(unknownRooms([file])).toEqual([file]);
  });
  test("every file lies in a known room", () => {
    expect(unknownRooms(files)).toEqual([]);
  });

  test("a circle of files is found", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", ["a"]],
      ["d", []],
    ]);
    expect(circles(graph)).toEqual([["a", "b", "c"]]);
  });
  test("no files import each other in a circle", () => {
    const graph = new Map(files.map((file) => [file, importsOf(file).flatMap(({ file: target }) => target ?? [])]));
    expect(circles(graph)).toEqual([]);
  });

  test("in every file of src/", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap((file) => refusals(file))).toEqual([]);
  });
});

/** Hidden state and hidden seeds, each with the files that may have it. */
const BANNED: readonly { pattern: RegExp; allowed: readonly string[] }[] = [
  { pattern: /\bMath\s*\.\s*random\b/, allowed: ["src/numerics/streams.ts"] },
  {
    pattern: /\btf\s*\.\s*(random\w*|truncatedNormal|multinomial|dropout|rand)\b/,
    allowed: ["src/numerics/streams.ts"],
  },
  { pattern: /\btf\s*\.\s*(layers|variable|train|sequential|model)\b/, allowed: [] },
  { pattern: /\.\s*(fit|fitDataset)\s*\(/, allowed: [] },
];
const banned = (file: string, text: string): string[] => {
  const code = withoutComments(text);
  return BANNED.filter(({ pattern, allowed }) => !allowed.includes(file) && pattern.test(code)).map(
    ({ pattern }) => `${file}: ${pattern.exec(code)?.[0]}`,
  );
};

describe("no hidden seeds, no hidden state", () => {
  test.each([
    "const x = Math.random();",
    "const x = tf.randomNormal([2]);",
    "const v = tf.variable(x);",
    "const o = tf.train.adam(1e-3);",
    "await model.fit(x, y);",
    "const d = tf.layers.dense({ units: 2 });",
  ])("%s is found", (text) => {
    expect(banned("src/priors/vamp.ts", text)).toHaveLength(1);
  });
  test("a comment may name them", () => {
    expect(banned("src/priors/vamp.ts", "/** Never Math.random. */\n// nor tf.variable\nexport const x = 1;")).toEqual(
      [],
    );
  });
  test("in every file of src/", () => {
    expect(files.flatMap((file) => banned(file, readFileSync(join(root, file), "utf8")))).toEqual([]);
  });
});

const listed = (room: string): { name: string; file: string }[] => {
  const index = `src/${room}/index.ts`;
  const lines = readFileSync(join(root, index), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .filter((line) => line.trim());
  return lines.map((line) => {
    const [, name, file] = /^export \{ (\w+) \} from "\.\/((?:[a-z0-9-]+\/)?[a-z0-9-]+)\.js";$/.exec(line) ?? [];
    if (!name || !file) throw new Error(`${index}: "${line}" is not a line like: export { vamp } from "./vamp.js";`);
    return { name, file };
  });
};

describe.each(COMPONENT_ROOMS.filter((room) => existsSync(join(root, "src", room))))("src/%s", (room) => {
  test("has an index that lists its components, one a line, in order", () => {
    const names = listed(room).map(({ file }) => file);
    expect(names.length).toBeGreaterThan(0);
    expect(names).toEqual([...names].sort());
  });
  test("calls each by one name: tag, file and test", async () => {
    const module: Record<string, Definition> = await import(join(root, "src", room, "index.ts"));
    for (const { name, file } of listed(room)) {
      expect(typeOf(module[name]!), `the type of ${name} in src/${room}/${file}.ts`).toBe(basename(file));
      expect(existsSync(join(root, "test", room, `${file}.test.ts`)), `test/${room}/${file}.test.ts`).toBe(true);
    }
  });
});

test("no file has more than 300 lines", () => {
  const long = [...files, ...typescriptFiles("test")].filter(
    (file) => readFileSync(join(root, file), "utf8").split("\n").length > 301,
  );
  expect(long).toEqual([]);
});
