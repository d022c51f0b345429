/** Functions are short, and none is written twice. */
import { describe, expect, test } from "vitest";
import { type FunctionBody, functionsOf } from "./functions.js";
import { typescriptFiles } from "./rooms.js";

const functions = typescriptFiles("src").flatMap((file) => functionsOf(file));

const LIMIT = 80;
const tooLong = (all: readonly FunctionBody[]): string[] =>
  all.filter(({ lines }) => lines > LIMIT).map(({ file, name }) => `${file} ${name}`);

describe(`functions have at most ${LIMIT} lines`, () => {
  const lines = (count: number): string => Array.from({ length: count }, () => "  step();\n").join("");
  test.each([
    ["function long() {\nBODY}", "long"],
    ["const long = () => {\nBODY};", "long"],
    ["const long = async (x: number): Promise<void> => {\nBODY};", "long"],
    ["const x = { long() {\nBODY} };", "long"],
    ["class C { long = () => {\nBODY}; }", "long"],
    ["const long = () => ({\n  inner: () => {\nBODY  },\n});", "long", "inner"],
    ["each(() => {\nBODY});", "(anonymous)"],
  ])("%s", (text, ...names) => {
    const found = (count: number) => tooLong(functionsOf("a.ts", text.replace("BODY", lines(count))));
    expect(found(LIMIT - 4)).toEqual([]);
    expect(found(LIMIT - 1)).toEqual(names.map((name) => `a.ts ${name}`));
  });
  test("in src/", () => {
    expect(tooLong(functions)).toEqual([]);
  });
});

/** Tokens from which on the same function in two places is no coincidence. */
const SAME = 25;
const twice = (all: readonly FunctionBody[]): string[][] => {
  const places = new Map<string, string[]>();
  for (const { tokens, file, name } of all) {
    if (tokens.length < SAME) continue;
    const key = tokens.join(" ");
    places.set(key, [...(places.get(key) ?? []), `${file} ${name}`]);
  }
  return [...places.values()].filter(({ length }) => length > 1);
};

describe("no function is written twice", () => {
  const body =
    "(values: number[]) => values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length)";
  test("under two names, in two files", () => {
    const all = [...functionsOf("a.ts", `const f = ${body};`), ...functionsOf("b.ts", `const g = /* why */ ${body};`)];
    expect(twice(all)).toEqual([["a.ts f", "b.ts g"]]);
  });
  test("in src/", () => {
    expect(twice(functions)).toEqual([]);
  });
});
