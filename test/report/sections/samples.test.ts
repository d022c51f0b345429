/** Fidelity, diversity and their controls in the reports. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { controlsOf } from "../../../src/report/figures/sample-sets.js";
import { writeReport } from "../../../src/report/index.js";
import { CONTROLS, figuresOf, measured, sampleFiguresOf } from "../support/figures.js";
import { BETAS, writeRunFolder, writeSweepFolder } from "../support/folders.js";
import { circlesOf, figureUnder, outsideAddresses, worstMisplacement } from "../support/page.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-samples-report-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const DRAWS = "Precision against recall: samples from the prior";

describe("a sweep with figures of samples", () => {
  let page: string;
  beforeAll(async () => {
    const folder = join(root, "sweep");
    writeSweepFolder(folder, {
      seeds: [1, 2, 3],
      run: (choices, seed) => {
        const beta = choices["objective.beta"] as number;
        return {
          measurements: { ...figuresOf(beta, seed), ...sampleFiguresOf(beta, seed) },
          controls: CONTROLS,
          samples: false,
        };
      },
    });
    page = readFileSync(await writeReport(folder), "utf8");
  });

  it("draws each pair, a dot a seed, at its figures", () => {
    for (const [heading, x, y] of [
      [DRAWS, "recall", "precision"],
      ["Density against coverage: samples from the prior", "coverage", "density"],
      [
        "Precision against recall: gaussian mixture over codes",
        "recall/gaussian-mixture",
        "precision/gaussian-mixture",
      ],
      ["Precision against recall: decoded means", "recall/means", "precision/means"],
    ] as const) {
      const dots = circlesOf(figureUnder(page, heading), "seeds");
      const all = BETAS.flatMap((beta) => [1, 2, 3].map((seed) => sampleFiguresOf(beta, seed)));
      const [across, up] = [x, y].map((name) => all.map((figures) => figures[name]!.value!));
      expect(
        worstMisplacement(
          across!,
          dots.map((dot) => dot.x),
        ),
      ).toBeLessThan(0.02);
      expect(
        worstMisplacement(
          up!,
          dots.map((dot) => dot.y),
        ),
      ).toBeLessThan(0.02);
    }
    expect(outsideAddresses(page)).toEqual([]);
  });

  it("marks the controls, and names them where a figure is read", () => {
    const svg = figureUnder(page, DRAWS);
    expect(svg).toContain(">training examples</text>");
    expect(circlesOf(svg, "means")).toHaveLength(8);
    expect(svg).toContain("Outside the plot: noise (0, 0), a single class (0.080, 0.970).");
    const recall = figureUnder(page, "Recall by beta");
    expect(recall).toContain("Controls, scored the same way: training examples 0.920, noise 0, a single class 0.080");
    expect(recall).toContain(">training examples</text>");
    expect(page).toMatch(/control: training examples<\/th>(<td class="number"><\/td>)*<td class="number">0\.93/);
  });

  it("keeps sets of samples apart: a line each in one chart, a table of their own", () => {
    const recall = figureUnder(page, "Recall by beta");
    expect(circlesOf(recall, "means")).toHaveLength(3 * BETAS.length);
    for (const set of ["samples from the prior", "decoded means", "gaussian mixture over codes"])
      expect(recall).toContain(`>${set}</text>`);
    const main = page.slice(page.indexOf('aria-label="Figures by setting"'), page.indexOf("Other sets of samples"));
    expect(main).toContain(">recall<");
    expect(main).not.toContain("recall, decoded means");
    expect(page.match(/<table class="sortable">/g)).toHaveLength(4);
  });

  it("says which settings are in the Pareto set, and the hypervolume with its reference point", () => {
    const caption = figureUnder(page, DRAWS).split("<figcaption>")[1]!;
    // At beta 1 both figures are largest by construction, so it alone is not beaten; the area is their product.
    expect(caption).toContain("which no other mean dominates: 1.");
    const at1 = [1, 2, 3].map((seed) => sampleFiguresOf(1, seed));
    const mean = (name: string): number => at1.reduce((sum, figures) => sum + figures[name]!.value!, 0) / 3;
    const [, area] = /relative to the reference point recall 0 and precision 0: ([\d.]+) for the means/.exec(caption)!;
    expect(Number(area)).toBeCloseTo(mean("precision") * mean("recall"), 3);
    expect(figureUnder(page, "Distortion against rate")).toMatch(
      /reference point rate [\d.]+ and distortion [\d.]+ \(the worst seeds\)/,
    );
  });
});

describe("controls", () => {
  it("stand beside a run's figures", async () => {
    const folder = join(root, "run");
    writeRunFolder(folder, { measurements: sampleFiguresOf(1, 1), controls: CONTROLS, samples: false });
    const page = readFileSync(await writeReport(folder), "utf8");
    expect(page).toMatch(/<th scope="row">recall<\/th>\s*<td class="number">0\.\d+<\/td>/);
    expect(page).toContain('<th scope="col" class="number">a single class</th>');
    expect(page).toMatch(/<td class="number">0\.920<\/td><td class="number">0<\/td><td class="number">0\.080/);
  });
  it("of trials that were scored on different data are those of none", () => {
    const point = (recall: number) => ({
      trial: "t",
      folder: "f",
      choices: {},
      seed: 1,
      measurements: {},
      controls: { train: { recall: measured("recall", { value: recall, n: 1 }) } },
    });
    expect(controlsOf({ points: [point(0.9), point(0.9)] }, { figure: "recall" })).toEqual([
      { set: "train", value: 0.9, unit: "fraction" },
    ]);
    expect(controlsOf({ points: [point(0.9), point(0.8)] }, { figure: "recall" })).toEqual([]);
  });
});
