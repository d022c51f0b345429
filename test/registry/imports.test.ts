/** What `validate`, `config`, `plan`, `list` and `describe` load: no tensor library, no container, nothing of the engine. */
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
  for (const entry of entries) visit(join(root, "src/registry", entry));
  return { files: [...files].map((file) => relative(root, file)), packages: [...packages].sort() };
};

test("loading and planning an experiment, and exporting schemas, load a few small packages and no tensor code", () => {
  const { files, packages } = reach(["experiment.ts", "planning/trials.ts", "schema-export.ts"]);
  const expected = ["ajv", "fastest-levenshtein", "jsonc-parser", "seedrandom"];
  expect(packages.filter((name) => !name.startsWith("node:"))).toEqual(expected);
  expect(
    files.filter((file) => !/^src\/(registry|spec|storage|contracts|numerics|tensor|errors\.ts)/.test(file)),
  ).toEqual([]);
  expect(files.every((file) => existsSync(join(root, file)))).toBe(true);
  expect(files.length).toBeGreaterThan(20);
});

test("inversify is imported by the container alone, and only when something is built", () => {
  const { packages } = reach(["components/build.ts"]);
  expect(packages.filter((name) => !name.startsWith("node:"))).toEqual([]);
});
