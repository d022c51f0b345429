/** Which figures of a sweep are drawn together. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Figure } from "../../../src/contracts/metric.js";
import { writeReport } from "../../../src/report/index.js";
import { figuresOf } from "../support/figures.js";
import { writeSweepFolder } from "../support/folders.js";
import { circlesOf, figureUnder, worstMisplacement } from "../support/page.js";

const folder = mkdtempSync(join(tmpdir(), "vaelab-figure-charts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("bits are drawn apart from nats, in whichever order a metric gives them", async () => {
  const metrics = writeSweepFolder(folder, {
    seeds: [1, 2],
    run: ({ "objective.beta": beta }, seed) => {
      const nats = figuresOf(Number(beta), seed);
      const bits = (name: string): Figure => ({ ...nats[name]!, value: 8 - nats[name]!.value! / 20, unit: "bits" });
      return {
        figures: {
          "bitsPerDimension.nll": bits("nll"),
          "bitsPerDimension.nllTrainingEncoder": bits("nllTrainingEncoder"),
          ...nats,
        },
      };
    },
  });
  const page = readFileSync(await writeReport(folder), "utf8");
  const meansOf = (name: string): number[] => metrics.groups.map(({ figures }) => figures[name]!.mean);
  const placed = (heading: string) => circlesOf(figureUnder(page, heading), "means").map(({ y }) => y);
  const likelihoods = placed("Negative log-likelihood by beta, through both encoders");
  const both = ["nll", "nllTrainingEncoder"].flatMap((name) => meansOf(name));
  expect(worstMisplacement(both, likelihoods)).toBeLessThan(0.02);
  for (const [heading, name] of [
    ["Bits a dimension, NLL by beta", "bitsPerDimension.nll"],
    ["Bits a dimension, NLL, training encoder by beta", "bitsPerDimension.nllTrainingEncoder"],
  ] as const)
    expect(worstMisplacement(meansOf(name), placed(heading))).toBeLessThan(0.02);
});
