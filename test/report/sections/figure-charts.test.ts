/** Which figures of a sweep are drawn together. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Measurement } from "../../../src/contracts/measurement.js";
import { writeReport } from "../../../src/report/index.js";
import { figuresOf, measured } from "../support/figures.js";
import { writeSweepFolder } from "../support/folders.js";
import { circlesOf, figureUnder, worstMisplacement } from "../support/page.js";

const folder = mkdtempSync(join(tmpdir(), "vaelab-figure-charts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("bits are drawn apart from nats, in whichever order a metric gives them", async () => {
  const metrics = writeSweepFolder(folder, {
    seeds: [1, 2],
    run: ({ "objective.beta": beta }, seed) => {
      const nats = figuresOf(Number(beta), seed);
      const bits = (name: string): Measurement => {
        const { value, n, encoder } = nats[name]!;
        return measured(`bitsPerDimension.${name}`, { value: 8 - value! / 20, n }, { encoder: encoder! });
      };
      return {
        measurements: {
          "bitsPerDimension.nll": bits("nll"),
          "bitsPerDimension.nllTrainingEncoder": bits("nllTrainingEncoder"),
          ...nats,
        },
      };
    },
  });
  const page = readFileSync(await writeReport(folder), "utf8");
  const meansOf = (name: string): number[] => metrics.groups.map(({ measurements }) => measurements[name]!.mean);
  const placed = (heading: string) => circlesOf(figureUnder(page, heading), "means").map(({ y }) => y);
  for (const [heading, nll] of [
    ["NLL by beta", "nll"],
    ["Bits per dimension, NLL by beta", "bitsPerDimension.nll"],
  ] as const) {
    const both = [nll, `${nll}TrainingEncoder`].flatMap((name) => meansOf(name));
    expect(worstMisplacement(both, placed(heading))).toBeLessThan(0.02);
  }
});
