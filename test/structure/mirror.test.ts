/** test/ mirrors src/: the test of src/A/b.ts is test/A/b.test.ts, and a test of several files lies in the folder of those files. */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, typescriptFiles } from "./rooms.js";

/** Tests of the whole: laws of every component, examples, documents, scripts, the structure of the code. */
const CROSS_CUTTING = ["consumer", "contracts", "docs", "examples", "scripts", "structure"];

const files = typescriptFiles("src");
const isFolder = (path: string): boolean => path === "." || existsSync(join(root, "src", path));

/** Why a test is in the wrong place, or nothing. */
const misplaced = (file: string): string | undefined => {
  const path = file.replace(/^test\//, "").replace(/\.test(-d)?\.ts$/, "");
  const [folder, name] = [dirname(path), basename(path)];
  if (CROSS_CUTTING.includes(path.split("/")[0]!) || files.includes(`src/${path}.ts`)) return undefined;
  const namesakes = files.filter((source) => basename(source) === `${name}.ts`);
  if (namesakes.length > 0) return `${file}: no src/${path}.ts; is it a test of ${namesakes.join(" or ")}?`;
  return isFolder(folder) ? undefined : `${file}: no src/${folder}`;
};

describe("test/ mirrors src/", () => {
  test.each([
    "test/priors/vamp.test.ts",
    "test/contracts/optimizers.test.ts",
    "test/experiments/runs/determinism.test.ts",
    "test/builtins.test.ts",
  ])("%s is in its place", (file) => {
    expect(misplaced(file)).toBeUndefined();
  });
  test.each([
    "test/core/anything.test.ts",
    "test/losses/vamp.test.ts",
    "test/vamp.test.ts",
    "test/experiments/controls.test.ts",
  ])("%s is not", (file) => {
    expect(misplaced(file)).toContain(file);
  });
  test("every test is in its place", () => {
    const tests = typescriptFiles("test").filter((file) => /\.test(-d)?\.ts$/.test(file));
    expect(tests.length).toBeGreaterThan(100);
    expect(tests.flatMap((file) => misplaced(file) ?? [])).toEqual([]);
  });
});
