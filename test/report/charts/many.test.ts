/** Charts of more settings, curves and points than a call takes arguments. */
import { expect, test } from "vitest";
import { sentences } from "../../../src/report/charts/chart.js";
import { fractionOf } from "../../../src/report/charts/colors.js";
import { legendAbove, scaleFor } from "../../../src/report/charts/layout.js";
import { settingsOf } from "../../../src/report/figures/settings.js";

const COUNT = 300_000;
const numbers = Array.from({ length: COUNT }, (_, i) => i);

test("300,000 settings have an axis, and a place on it", () => {
  const settings = settingsOf(numbers.map((beta) => ({ beta })));
  expect(settings.primary).toMatchObject({ path: "beta", numeric: true, logarithmic: false });
  expect(fractionOf(settings, (COUNT - 1) / 2)).toBe(0.5);
});

test("300,000 names and values fit a legend and a scale, and 300,000 sentences a description", () => {
  expect(legendAbove(numbers.map(String), 700).columns).toBe(9);
  expect(scaleFor(numbers)).toEqual({ zero: false });
  expect(sentences("a", numbers.map(String)).startsWith("a. 0. 1. 2.")).toBe(true);
});
