import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { formatSweepTable, writeReport } from "../../../src/report/index.js";
import type { SweepMetrics } from "../../../src/storage/layout.js";
import { measured } from "../support/figures.js";
import { BETAS, groupsOf, writeSweepFolder } from "../support/folders.js";
import { linearFigures } from "../support/linear-vae.js";
import { circlesOf, figureUnder, outsideAddresses, pathsOf, sectionIds, worstMisplacement } from "../support/page.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-sweep-report-"));
const warnings = vi.spyOn(console, "warn");
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  // Vega prints what it had to mend in a chart.
  expect(warnings.mock.calls).toEqual([]);
  warnings.mockRestore();
});

interface Made {
  folder: string;
  metrics: SweepMetrics;
  page: string;
}
const report = async (name: string, options: Parameters<typeof writeSweepFolder>[1] = {}): Promise<Made> => {
  const folder = join(root, name);
  const metrics = writeSweepFolder(folder, options);
  return { folder, metrics, page: readFileSync(await writeReport(folder), "utf8") };
};
const PLANE = "Distortion against rate";
const valuesOf = ({ points }: SweepMetrics, name: string): number[] =>
  points.map(({ measurements }) => measurements[name]!.value!);
const meansOf = ({ groups }: SweepMetrics, name: string): number[] =>
  groups.map(({ measurements }) => measurements[name]!.mean);

describe("the report of a sweep over eight betas and five seeds", () => {
  let made: Made;
  beforeAll(async () => {
    made = await report("whole");
  }, 60_000);

  it("has every section, and asks for nothing from anywhere", () => {
    expect(sectionIds(made.page)).toEqual([
      "tradeoff",
      "settings",
      "others",
      "samples",
      "reconstructions",
      "interpolations",
      "latents",
      "training",
      "trials",
      "spec",
    ]);
    expect(outsideAddresses(made.page)).toEqual([]);
    expect(made.page).not.toContain("Not shown");
  });

  it("places a dot a seed and a ring a setting in the plane, at their rate and distortion", () => {
    const svg = figureUnder(made.page, PLANE);
    const [seeds, means] = [circlesOf(svg, "seeds"), circlesOf(svg, "means")];
    expect([seeds.length, means.length]).toEqual([40, 8]);
    for (const [axis, name] of [
      ["x", "rate"],
      ["y", "distortion"],
    ] as const) {
      expect(
        worstMisplacement(
          valuesOf(made.metrics, name),
          seeds.map((circle) => circle[axis]),
        ),
      ).toBeLessThan(0.02);
      expect(
        worstMisplacement(
          meansOf(made.metrics, name),
          means.map((circle) => circle[axis]),
        ),
      ).toBeLessThan(0.02);
    }
  });

  it("joins the settings in the order of beta", () => {
    const svg = figureUnder(made.page, PLANE);
    const [path = ""] = pathsOf(svg, "joined");
    const corners = path
      .slice(1)
      .split("L")
      .map((point) => Number(point.split(",")[0]));
    const means = circlesOf(svg, "means").map(({ x }) => x);
    for (const [i, x] of corners.entries()) expect(x).toBeCloseTo(means[i]!, 1);
    expect(corners).toEqual([...corners].sort((a, b) => b - a));
  });

  it("lays NLL along the logarithm of beta, through both encoders", () => {
    const svg = figureUnder(made.page, "NLL by beta");
    const means = circlesOf(svg, "means");
    expect(means).toHaveLength(16);
    expect(
      worstMisplacement(
        [...BETAS, ...BETAS].map(Math.log),
        means.map(({ x }) => x),
      ),
    ).toBeLessThan(0.02);
    expect(
      worstMisplacement(
        [...meansOf(made.metrics, "nll"), ...meansOf(made.metrics, "nllTrainingEncoder")],
        means.map(({ y }) => y),
      ),
    ).toBeLessThan(0.02);
  });

  it("draws an interval for each mean, as long as it is", () => {
    const svg = figureUnder(made.page, "ELBO by beta");
    const at = svg.indexOf("intervals_marks");
    const lengths = [...svg.slice(at, svg.indexOf("</g>", at)).matchAll(/<line [^>]*y2="([^"]+)"/g)].map((match) =>
      Math.abs(Number(match[1])),
    );
    const halves = made.metrics.groups.map(({ measurements }) => measurements.elbo!.high! - measurements.elbo!.low!);
    expect(worstMisplacement(halves, lengths)).toBeLessThan(0.02);
  });

  it("says how intervals were made, with n, k and seeds", () => {
    const caption = figureUnder(made.page, PLANE);
    expect(caption).toContain("5 seeds per setting; mean over seeds with a two-sided 95 % Student t interval");
    expect(caption).toContain("n = 1000 examples, k = 10 draws per example");
    expect(caption).toContain("Color encodes beta, on a log scale");
  });

  it("says the closed form's numbers in words", () => {
    const { rate } = linearFigures(1);
    const said = /aria-label="Distortion against rate[^"]*1, mean of 5 seeds: rate ([\d.]+) ±/.exec(made.page);
    expect(Number(said?.[1])).toBeGreaterThan(rate * 0.98);
    expect(Number(said?.[1])).toBeLessThan(rate * 1.02);
  });

  it("shows the samples of every setting, all of one seed", () => {
    expect(
      figureUnder(made.page, "Samples from the prior: draws from the likelihood").match(/<img src="data:image\/png/g),
    ).toHaveLength(8);
    expect(figureUnder(made.page, "Samples from the prior: decoded means")).toContain("All with seed 1.");
  });

  it("draws a curve a trial and term", () => {
    const svg = figureUnder(made.page, "Loss and its terms in every trial");
    expect([0, 1, 2].map((panel) => pathsOf(svg, `curves_${panel}`).length)).toEqual([40, 40, 40]);
  });

  it("keeps every number in tables that sort", () => {
    expect(made.page.match(/<table class="sortable">/g)).toHaveLength(2);
    for (const value of [...valuesOf(made.metrics, "rate"), ...meansOf(made.metrics, "nll")])
      expect(made.page).toContain(`data-value="${value}"`);
    expect(made.page).toMatch(/<th scope="col"[^>]*><button type="button">rate<\/button>/);
  });

  it("marks upper bounds", () => {
    const row = formatSweepTable(made.metrics)
      .split("\n")
      .find((line) => /^ *0\.1 /.test(line));
    expect(row).toMatch(/≤17\.\d+ ± /);
    expect(made.page).toContain("≤ marks an upper bound");
  });
});

describe("the table on a terminal", () => {
  it("lines its columns up, and gives mean and half-interval", () => {
    const { groups, ...rest } = writeSweepFolder(join(root, "table"), { seeds: [1, 2] });
    const lines = formatSweepTable({ ...rest, groups }).split("\n");
    const rules = lines.flatMap((line, i) => (/^─+$/.test(line) ? [i] : []));
    const rows = lines.slice(rules[0]! + 1, rules[1]!);
    expect(rows).toHaveLength(8);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    const { mean, low, high } = groups[3]!.measurements.rate!;
    const [, shown, half] = /^ *1 +2 +([\d.]+) ± ([\d.]+)/.exec(rows[3]!) ?? [];
    expect(Number(shown)).toBeCloseTo(mean, 2);
    expect(Number(half)).toBeCloseTo((high! - low!) / 2, 2);
  });
});

describe("the report of a sweep that went wrong, or is small", () => {
  it("names a trial that failed, and why, and goes on without it", async () => {
    const { page, metrics } = await report("failed", {
      run: (choices, seed) =>
        choices["objective.beta"] === 8 && seed === 3
          ? { state: "failed", reason: "the loss became NaN", epochs: 9 }
          : {},
    });
    expect(page).toContain("1 of 40 trials is missing from the figures");
    expect(page).toMatch(/beta 8, seed 3: <span class="bad">failed<\/span>: the loss became NaN/);
    expect(circlesOf(figureUnder(page, PLANE), "seeds")).toHaveLength(39);
    expect(page).toContain("4 to 5 seeds per setting");
    expect(metrics.groups).toHaveLength(8);
  });

  it("has the trials that are finished while others are not, or after it was stopped", async () => {
    const { folder, page } = await report("stopped", { settings: [{ "objective.beta": 1 }, { "objective.beta": 4 }] });
    const file = join(folder, "metrics.json");
    const written = JSON.parse(readFileSync(file, "utf8"));
    const again = async () => readFileSync(await writeReport(folder), "utf8");
    // The quantiles of the fixture's intervals are a table's: pictures differ by hundredths of a pixel.
    const said = (whole: string): string => whole.replace(/<svg.*?<\/svg>/gs, "");
    rmSync(file);
    expect(said(await again())).toBe(said(page));
    const points = written.points.slice(0, 4);
    writeFileSync(file, JSON.stringify({ ...written, points, groups: groupsOf(points) }));
    expect(said(await again())).toBe(said(page));
    writeFileSync(join(folder, "trials/t1s5/attempt-1/metrics.json"), "{");
    const damaged = await again();
    expect(damaged).toContain("1 of 10 trials is missing from the figures");
    expect(damaged).toMatch(/beta 4, seed 5: <span class="bad">finished<\/span>: metrics.json cannot be read/);
    expect(circlesOf(figureUnder(damaged, PLANE), "seeds")).toHaveLength(9);
  });

  it("says that one seed gives no interval", async () => {
    const { page, metrics } = await report("one-seed", { seeds: [7] });
    expect(figureUnder(page, PLANE)).toContain("One seed per setting, so there is no interval");
    expect(figureUnder(page, PLANE)).not.toContain("intervals_marks");
    expect(formatSweepTable(metrics)).toContain("One seed per setting, so there is no interval");
    expect(
      formatSweepTable(metrics)
        .split("\n")
        .filter((line) => /±/.test(line)),
    ).toEqual([expect.stringContaining("mean ± half")]);
  });

  it("says of data that are not images what writes their values, in one place", async () => {
    const { page } = await report("tables", { seeds: [1, 2], run: () => ({ images: false }) });
    expect(page.match(/These data are not images/g)).toHaveLength(1);
    expect(page).not.toContain("is not in this folder");
    expect(sectionIds(page)).not.toContain("interpolations");
  });

  it("draws a single trial", async () => {
    const { page } = await report("one-trial", { seeds: [1], settings: [{ "objective.beta": 1 }] });
    expect(circlesOf(figureUnder(page, PLANE), "seeds")).toHaveLength(1);
    expect(page).toContain("1 trial: 1 finished");
  });

  it("says why figures are null, and draws the others", async () => {
    const reason = "the posterior is a point mass: it has no density";
    const { page, metrics } = await report("null", {
      seeds: [1, 2],
      run: () => ({
        measurements: {
          distortion: measured("distortion", { value: 3, n: 10 }),
          rate: measured("rate", { value: null, n: 10, note: reason }),
          squaredError: measured("squaredError", { value: 2, n: 10 }),
        },
      }),
    });
    expect(page).toContain(`rate: null in 16 trials: ${reason}.`);
    expect(figureUnder(page, "Figures plotted against each other")).toContain("Not shown");
    expect(circlesOf(figureUnder(page, "Squared error by beta"), "seeds")).toHaveLength(16);
    expect(formatSweepTable(metrics)).toContain(`null (rate, 16 trials): ${reason}`);
  });

  it("reports a sweep that has no metrics.json yet", async () => {
    const { folder } = await report("unfinished", { seeds: [1], run: () => ({ state: "running", epochs: 4 }) });
    unlinkSync(join(folder, "metrics.json"));
    const page = readFileSync(await writeReport(folder), "utf8");
    expect(page).toContain("No figures yet: metrics.json is not in this folder.");
    expect(pathsOf(figureUnder(page, "Loss and its terms in every trial"), "curves_0")).toHaveLength(8);
    expect(page).toContain("8 trials: 8 running");
  });

  it("lets no hostile choice through, in text or in a drawing", async () => {
    const bad = "</svg></title><script>alert(1)</script>";
    const { page } = await report("hostile", {
      name: bad,
      seeds: [1, 2],
      settings: [{ "model.prior.type": bad }, { "model.prior.type": "gaussian" }],
    });
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain("&lt;script&gt;");
  });
});

describe("sweeps of other axes", () => {
  it("draws a series for each prior of a grid, each joined along beta", async () => {
    const settings = ["gaussian", { type: "vamp", components: 50 }].flatMap((prior) =>
      [0.5, 1, 2].map((beta) => ({ "model.prior": prior, "objective.beta": beta })),
    );
    const { page } = await report("grid", { seeds: [1, 2, 3], settings });
    const svg = figureUnder(page, PLANE);
    expect(pathsOf(svg, "joined")).toHaveLength(2);
    expect(circlesOf(svg, "seeds")).toHaveLength(18);
    expect(svg).toContain(">vamp (components 50)</text>");
  });

  it("joins nothing where nothing numeric was swept", async () => {
    const { page } = await report("names", {
      seeds: [1, 2],
      settings: ["gaussian", "vamp", "gaussian-mixture"].map((prior) => ({ "model.prior.type": prior })),
    });
    expect(() => pathsOf(figureUnder(page, PLANE), "joined")).toThrow(/no mark/);
    const means = circlesOf(figureUnder(page, "NLL by prior"), "means");
    expect(new Set(means.map(({ x }) => x)).size).toBe(6);
  });
});
