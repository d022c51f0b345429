/** What the classes of a label are called goes from a table to the figures, and so to the report. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { ExperimentSpec } from "../../src/core/experiment-schema.js";
import { RUN_FILES, type RunTradeoff } from "../../src/core/run-folder/layout.js";
import { newFolder, runIn } from "./runs.js";

test("the classes of a table's label have their names in tradeoff.json, in the order of their numbers", async () => {
  const out = newFolder();
  const file = join(dirname(out), "table.csv");
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 5},${["wren", "auk", "owl"][i % 3]}`);
  writeFileSync(file, ["u,v,bird", ...rows].join("\n"));
  const spec: ExperimentSpec = {
    name: "birds",
    data: { type: "csv", file, label: "bird" },
    model: { latent: 1, encoder: { type: "mlp", hidden: [] }, decoder: "mlp", likelihood: "gaussian" },
    objective: { type: "elbo", beta: 1 },
    training: { epochs: 1, batchSize: 16 },
    evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
  };
  await runIn(spec, {}, out);
  const { classNames } = JSON.parse(readFileSync(join(out, RUN_FILES.tradeoff), "utf8")) as RunTradeoff;
  expect(classNames).toEqual({ label: ["auk", "owl", "wren"] });
});
