/** What importing the library, and `validate`, `config`, `plan`, `list`, `describe` and `--help` load: no tensor library, no inversify. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Modules that are loaded when this one is: `import type` and `import()` load nothing. */
const staticImports = (file: string): string[] => {
  const text = readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)";|^import\s+"([^"]+)";/gm)].map(
    ([, from, bare]) => (from ?? bare)!,
  );
};

const reach = (entries: readonly string[]): { files: string[]; packages: string[] } => {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const name of staticImports(file)) {
      if (!name.startsWith(".")) packages.add(name);
      else visit(join(dirname(file), name.replace(/\.js$/, ".ts")));
    }
  };
  for (const entry of entries) visit(join(root, "src", entry));
  return { files: [...files].map((file) => relative(root, file)), packages: [...packages].sort() };
};

test("loading and planning an experiment, and exporting schemas, load a few small packages and no tensor code", () => {
  const { files, packages } = reach(
    ["experiment.ts", "planning/trials.ts", "schema-export.ts"].map((file) => `registry/${file}`),
  );
  const expected = ["ajv", "fastest-levenshtein", "jsonc-parser", "seedrandom"];
  expect(packages.filter((name) => !name.startsWith("node:"))).toEqual(expected);
  expect(
    files.filter((file) => !/^src\/(registry|spec|storage|contracts|numerics|tensor|errors\.ts)/.test(file)),
  ).toEqual([]);
  expect(files.every((file) => existsSync(join(root, file)))).toBe(true);
  expect(files.length).toBeGreaterThan(20);
});

test("building a component loads no package", () => {
  const { packages } = reach(["registry/components/build.ts"]);
  expect(packages.filter((name) => !name.startsWith("node:"))).toEqual([]);
});

const HEAVY = /^(inversify|reflect-metadata|vega|@tensorflow\/)/;
/** The modules that a command imports when it runs: `import("...")`, outside of types. */
const whenItRuns = (command: string): string[] =>
  [
    ...readFileSync(join(root, "src/cli/commands", command), "utf8").matchAll(/[^:<|] import\("\.\.\/([^"]+)\.js"\)/g),
  ].map(([, path]) => join("cli", path!.replace(/^\.\.\//, "../")).concat(".ts"));

test.each(["validate", "config", "plan", "list", "describe"])(
  "%s loads neither a tensor library nor inversify",
  (name) => {
    const lazily = whenItRuns(`${name}.ts`).filter((file) => file !== "cli/measure.ts");
    expect(lazily).not.toEqual([]);
    expect(reach([`cli/commands/${name}.ts`, ...lazily]).packages.filter((each) => HEAVY.test(each))).toEqual([]);
  },
);
test.each(["index.ts", "cli/main.ts"])("nor does %s, when it is imported", (entry) => {
  expect(reach([entry]).packages.filter((each) => HEAVY.test(each))).toEqual([]);
});
test("inversify is found where it is", () => {
  expect(reach(["experiments/services/standard.ts"]).packages).toContain("inversify");
});
