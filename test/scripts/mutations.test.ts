/** The mutants that `npm run mutants` makes, and the sample that it takes of them. */
import { describe, expect, test } from "vitest";

interface Mutant {
  id: string;
  kind: string;
  from: string;
  to: string;
  start: number;
  end: number;
}
interface Mutations {
  mutantsOf(file: string, code: string): Mutant[];
  mutated(code: string, mutant: Mutant): string;
  sampleOf(mutants: readonly Mutant[], count: number, seed: string): Mutant[];
}
interface Functions {
  functionAround(file: string, code: string, mutant: Pick<Mutant, "start" | "end">): number | undefined;
  noting(file: string, code: string): string;
}
const load = async <T>(name: string): Promise<T> => (await import(`../../scripts/mutants/${name}.mjs`)) as T;
const { mutantsOf, mutated, sampleOf } = await load<Mutations>("mutations");
const { functionAround, noting } = await load<Functions>("functions");

const all = (code: string): string[] => mutantsOf("a.ts", code).map((mutant) => mutated(code, mutant));

describe("the mutants of", () => {
  test.each([
    ["const c = a < b;", ["const c = a <= b;"]],
    ["const c = a >= b;", ["const c = a > b;"]],
    ["const c = a === b;", ["const c = a !== b;"]],
    ["const c = a - b;", ["const c = a + b;"]],
    ["const c = a * b;", ["const c = a / b;"]],
    ["const c = -a;", ["const c = a;"]],
    ["const c = a && b;", ["const c = a || b;"]],
    ["const c = a ?? b;", ["const c = a;"]],
    ["const c = !a;", ["const c = a;"]],
    ["const c = 7;", ["const c = 8;"]],
    ["const c = true;", ["const c = false;"]],
    ["const c = a ? b : d;", ["const c = a ? (d) : (b);"]],
    ["if (a) b = c;", ["if (!(a)) b = c;", "if (a) ;"]],
    ["throw a;", [";"]],
    ["const c = tf.sum(a);", ["const c = tf.mean(a);"]],
    ["const c = tf.neg(a);", ["const c = a;"]],
    ["const c = Math.max(a, b);", ["const c = Math.min(a, b);"]],
    ["const c = a.filter(b);", ["const c = a;"]],
  ])("%s", (code, expected) => {
    expect(all(code)).toEqual(expected);
  });

  test.each([
    'import { a } from "./a.js";',
    "type A = 1 | 2;",
    "interface A { b: 3 }",
    'const c = "a" + b;',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the code that is looked at has one
    "const c = `${a}` + b + d;",
    "const c = (a: 1): b is 2 => d;",
    "/** 1 < 2 */",
  ])("%s are none", (code) => {
    expect(all(code)).toEqual([]);
  });
});

describe("a sample", () => {
  const mutants = mutantsOf("a.ts", Array.from({ length: 50 }, (_, i) => `const c${i} = ${i};`).join("\n"));
  test("is the same whenever it is taken, and another under another seed", () => {
    expect(sampleOf(mutants, 10, "1")).toEqual(sampleOf([...mutants].reverse(), 10, "1"));
    expect(sampleOf(mutants, 10, "1")).not.toEqual(sampleOf(mutants, 10, "2"));
  });
  test("of fewer is the beginning of one of more", () => {
    expect(sampleOf(mutants, 20, "1").slice(0, 10)).toEqual(sampleOf(mutants, 10, "1"));
  });
  test("keeps its mutants when lines are added elsewhere", () => {
    const code = "const a = 1;\nconst b = 2;";
    const ids = (text: string): string[] => mutantsOf("a.ts", text).map(({ id }) => id);
    expect(ids(`const first = x;\n${code}`)).toEqual(ids(code));
    expect(new Set(ids("f(1); f(1);\nf(1); f(1);")).size).toBe(8);
  });
});

describe("functions that note that they ran", () => {
  const code = [
    "const f = (x: number) => ({ twice: () => 2 * x });",
    "async function g() {",
    "  return [1, 2].map((y) => y + 1);",
    "}",
    "class C { h(z = () => 5) { return z() } }",
    "globalThis.result = [f(2).twice(), new C().h()];",
  ].join("\n");

  test("ran, whatever their bodies are, and those that did not are not noted", async () => {
    const { transform } = await import("esbuild");
    const ran: string[] = [];
    const run = { __ran: (name: string) => ran.push(name), result: undefined as unknown };
    const { code: plain } = await transform(noting("a.ts", code), { loader: "ts" });
    new Function("globalThis", plain)(run);
    expect(run.result).toEqual([4, 5]);
    // f, twice, h and z, numbered in the order of the file; g and its arrow function did not run.
    expect(ran).toEqual(["a.ts#0", "a.ts#1", "a.ts#4", "a.ts#5"]);
  });
  test("stand on the lines that they stood on", () => {
    expect(noting("a.ts", code).split("\n")).toHaveLength(code.split("\n").length);
  });
  test("are found around a mutant: the innermost", () => {
    const around = (text: string): number | undefined => {
      const start = code.indexOf(text);
      return functionAround("a.ts", code, { start, end: start + text.length });
    };
    expect(["2 * x", "twice", "y + 1", "[1, 2]", "z()", "5"].map(around)).toEqual([1, 0, 3, 2, 4, 5]);
    expect(around("new C")).toBeUndefined();
  });
});
