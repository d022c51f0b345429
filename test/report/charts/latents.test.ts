/** The points of a scatter of codes, and their labels. */
import { expect, test } from "vitest";
import { latentScatter } from "../../../src/report/charts/latents.js";
import type { Latents } from "../../../src/report/read/latents.js";

const drawnOf = (points: Latents["points"]) => {
  const latents: Latents = { points, total: points.length, components: 2, dimensions: 2, labeled: true };
  const { layer } = latentScatter([{ title: "", latents }], "Codes", 1)!.spec as unknown as {
    layer: { data: { values: unknown[] } }[];
  };
  return layer[0]!.data.values;
};

test("each point has its label; one without any has none", () => {
  const labeled = { x: 0, y: 1, label: "cat" };
  expect(drawnOf([labeled, { x: 2, y: 3, label: undefined }])).toStrictEqual([labeled, { x: 2, y: 3 }]);
});
