/** The cost of a step against batch, width and latents: medians as lines, minima as points, from results/cost.json to cost.svg. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, View } from "vega";
import { compile } from "vega-lite";
import { results } from "./setup.mjs";

const panel = (by) => ({
  transform: [{ filter: `datum.by === '${by}'` }],
  width: 220,
  height: 200,
  encoding: {
    x: { field: "at", type: "quantitative", scale: { type: "log", base: 2 }, title: by },
    y: { field: "milliseconds", type: "quantitative", scale: { type: "log" }, title: "ms a step" },
    color: { field: "name", type: "nominal", title: null },
  },
  layer: [
    { mark: "line", transform: [{ filter: "datum.what === 'median'" }] },
    { mark: { type: "point", filled: true }, transform: [{ filter: "datum.what === 'minimum'" }] },
  ],
});

export const drawCost = async () => {
  const file = join(results, "cost.json");
  if (!existsSync(file)) return;
  const { rows } = JSON.parse(readFileSync(file, "utf8"));
  const values = rows.flatMap(({ by, at, participants }) =>
    Object.entries(participants).flatMap(([name, summary]) =>
      ["median", "minimum"].map((what) => ({ by, at, name, what, milliseconds: summary[what] })),
    ),
  );
  const spec = compile({
    background: "white",
    title:
      "A training step of the MLP VAE 784-400-20 at B=128, one setting varied: medians (lines) and minima (points)",
    data: { values },
    hconcat: ["batch", "width", "latents"].map(panel),
  }).spec;
  const view = new View(parse(spec), { renderer: "none" });
  writeFileSync(join(dirname(results), "cost.svg"), `${await view.toSVG()}\n`);
};
