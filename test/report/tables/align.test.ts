import { expect, test } from "vitest";
import { align, rule } from "../../../src/report/tables/align.js";

const COUNT = 300_000;

test("300,000 rows are as wide as their widest cell", () => {
  const lines = align(
    Array.from({ length: COUNT }, (_, i) => ["a", String(i)]),
    new Set([0]),
  );
  expect(lines).toHaveLength(COUNT);
  expect(lines[7]).toBe("a       7");
  expect([...rule(lines)]).toHaveLength("a  299999".length);
});
