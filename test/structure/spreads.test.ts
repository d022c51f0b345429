/**
 * Calls that hand every element of a list over as an argument overflow the stack above some 120,000 elements: `maximum`, `append`
 * and lists as arguments take any number.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root, typescriptFiles } from "./rooms.js";

/** Functions that take any number of arguments, of which a list may grow with the data or the spec. */
const VARIADIC =
  /^(Math\.\w+|String\.fromCh\w+|String\.fromCodePoint|Array\.of|sentences)$|\.(push|unshift|splice|concat)$/;

const spreadsIn = (file: string, text = readFileSync(join(root, file), "utf8")): string[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      VARIADIC.test(node.expression.getText()) &&
      node.arguments.some((each) => ts.isSpreadElement(each) && !ts.isArrayLiteralExpression(each.expression))
    )
      found.push(`${file}: ${node.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

describe("no list is spread into arguments", () => {
  test.each([
    "Math.max(0, ...values);",
    "Math.min(...values.map((value) => value.size));",
    "list.push(...more);",
    "a.b.unshift(...more);",
    "list.splice(0, 1, ...more);",
    "String.fromCharCode(...bytes);",
    "sentences(first, ...others);",
  ])("%s is found", (text) => {
    expect(spreadsIn("a.ts", text)).toHaveLength(1);
  });
  test.each(["Math.max(...[a, b]);", "list.push([...more]);", "maximum([0, ...values]);", "list.push({ ...each });"])(
    "%s is not",
    (text) => {
      expect(spreadsIn("a.ts", text)).toEqual([]);
    },
  );
  test("in src/", () => {
    expect(typescriptFiles("src").flatMap((file) => spreadsIn(file))).toEqual([]);
  });
});
