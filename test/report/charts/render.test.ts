import { describe, expect, it } from "vitest";
import { figureOf, partOf } from "../../../src/report/charts/chart.js";
import { renderChart, type Spec } from "../../../src/report/charts/render.js";
import { html } from "../../../src/report/pages/html.js";

const bars = (names: readonly string[]): Spec => ({
  data: { values: names.map((name, i) => ({ name, value: (i * 7) % 5 })) },
  mark: "bar",
  encoding: {
    y: { field: "name", type: "nominal", sort: [...names] },
    x: { field: "value", type: "quantitative" },
  },
});

describe("a chart", () => {
  it("keeps the order of a list, however long it is", async () => {
    const { text } = await renderChart(bars(["c", "a", "b"]));
    expect([...text.matchAll(/>([abc])<\/text>/g)].map(([, name]) => name)).toEqual(["c", "a", "b"]);
    const names = Array.from({ length: 3000 }, (_, i) => `n${(i * 1001) % 3000}`);
    const long = (await renderChart(bars(names))).text;
    const shown = [...long.matchAll(/>n(\d+)<\/text>/g)].map(([, name]) => names.indexOf(`n${name}`));
    expect(shown.length).toBeGreaterThan(2);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
  });

  it("that cannot be drawn leaves the reason and its numbers, and the page stands", async () => {
    const spec = { mark: "bar", data: { values: [] }, encoding: { x: { field: "a", type: "nonsense" } } } as never;
    const { text } = await figureOf({ heading: "The heading", alt: "a is 3", caption: "A caption", spec });
    expect(text).toContain("The heading");
    expect(text).toMatch(/This chart could not be drawn: .*\. Its values: a is 3</);
    expect(text).toContain("A caption");
  });

  it("or any other part that throws is a line of the page", async () => {
    const part = await partOf("A part", () => {
      throw new TypeError("spread.mean is not a number\nat somewhere");
    });
    expect(html`${part}`.text).toContain("Not shown: rendering failed: spread.mean is not a number.");
    expect(html`${await partOf("A part", async () => "fine")}`.text).toBe("fine");
  });
});
