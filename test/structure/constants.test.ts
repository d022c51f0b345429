/** A constant stands once: two files that give one name one value would drift apart. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root, typescriptFiles } from "./rooms.js";

interface Constant {
  file: string;
  name: string;
  value: string;
}

/** Constants in capitals at the top level of a file whose value is a literal, or is computed from literals alone. */
const constantsOf = (file: string, text = readFileSync(join(root, file), "utf8")): Constant[] =>
  ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true).statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
      if (!initializer || !ts.isIdentifier(name) || !/^[A-Z][A-Z0-9_]*$/.test(name.text)) return [];
      const value = ts.isAsExpression(initializer) ? initializer.expression : initializer;
      return [{ file, name: name.text, value: value.getText().replace(/\s+/g, " ") }];
    });
  });

const twice = (constants: readonly Constant[]): string[] => {
  const places = new Map<string, string[]>();
  for (const { file, name, value } of constants) {
    const key = `${name} = ${value}`;
    places.set(key, [...(places.get(key) ?? []), file]);
  }
  return [...places].filter(([, files]) => files.length > 1).map(([key, files]) => `${key} in ${files.join(", ")}`);
};

describe("a constant stands once", () => {
  test.each([
    ["const RATIO = 1032;", "export const RATIO = 1032;", 1],
    ['const SPLITS = ["a", "b"];', 'const SPLITS = ["a", "b"] as const;', 1],
    ["const RATIO = 1032;", "const RATIO = 1033;", 0],
    ["const RATIO = 1032;", "const f = () => { const RATIO = 1032; };", 0],
  ])("%s and %s", (a, b, count) => {
    expect(twice([...constantsOf("a.ts", a), ...constantsOf("b.ts", b)])).toHaveLength(count);
  });
  test("in src/", () => {
    expect(twice(typescriptFiles("src").flatMap((file) => constantsOf(file)))).toEqual([]);
  });
});
