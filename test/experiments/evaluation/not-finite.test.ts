/** Figures that are not finite numbers: what is kept, what is said, and with which exit. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { evaluateRun, type ProgressEvent, resumeFolder } from "../../../src/experiments/index.js";
import { formatRunTable, formatSweepTable } from "../../../src/report/index.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { readJson } from "../../../src/storage/json.js";
import type { RunMetrics, SweepMetrics } from "../../../src/storage/layout.js";
import { npyFile } from "../../data/support/damage.js";
import { newFolder, refusalOf, runIn, statusOf } from "../support/runs.js";

const array = (rows: number, value: (i: number) => number): Buffer =>
  npyFile("<f4", `(${rows}, 3)`, new Uint8Array(Float32Array.from({ length: rows * 3 }, (_, i) => value(i)).buffer));

/** Trained on small numbers, and scored on ten examples of which row 4 squares beyond single precision. */
const specIn = (folder: string): ExperimentSpec => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "x.npy"),
    array(120, (i) => Math.sin(i)),
  );
  writeFileSync(
    join(folder, "test.npy"),
    array(10, (i) => (i === 13 ? 1e30 : Math.cos(i))),
  );
  return {
    name: "huge",
    data: { type: "npy", values: join(folder, "x.npy"), testValues: join(folder, "test.npy") },
    model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
    training: { epochs: 1, batchSize: 32 },
    evaluation: { metrics: ["elbo", "active-units"], refit: { epochs: 0 } },
  };
};

describe("a figure that is not finite", () => {
  test("is null with its reason; the others and the report are kept, and the run exits with 1", async () => {
    const out = newFolder();
    const error = await refusalOf(runIn(specIn(newFolder()), {}, out));
    expect(error).toMatchObject({ code: "FIGURE", exitCode: 1, written: { folder: out, kind: "run" } });
    expect(error.problems).toEqual([
      {
        message: expect.stringMatching(
          /^figures are not finite: .*distortion is (Infinity|NaN), elbo is (-Infinity|NaN)/,
        ),
        where: out,
        remedy: "All other figures and the report are written; notes give the reasons.",
      },
    ]);
    const metrics = readJson(join(out, "metrics.json")) as RunMetrics;
    const { distortion, activeUnits } = metrics.measurements;
    expect(distortion).toMatchObject({
      value: null,
      notFinite: expect.stringMatching(/^(Infinity|NaN)$/),
      note: expect.stringMatching(
        /^the value is (Infinity|NaN), not a finite number; 1 of 10 examples have no finite value, the first of them example 4 of the split \((Infinity|NaN)\)/,
      ),
    });
    expect(distortion).not.toHaveProperty("standardError");
    expect(activeUnits!.value).toEqual(expect.any(Number));
    expect(activeUnits).not.toHaveProperty("notFinite");
    expect(existsSync(join(out, "report.html"))).toBe(true);
    expect(formatRunTable(metrics)).not.toMatch(/∞|Infinity ±|null +±/);
    expect(readFileSync(join(out, "report.html"), "utf8")).not.toContain("∞");
    expect(statusOf(out)).toMatchObject({ state: "finished", exit: 1, reason: error.message });

    // Scored again, it is finished and says the same; other figures of it are fine.
    expect(await refusalOf(resumeFolder({ folder: out, threads: 1 }))).toMatchObject({ code: "FIGURE" });
    const again = await refusalOf(evaluateRun({ run: out, metrics: ["elbo"], threads: 1 }));
    expect(again).toMatchObject({ code: "FIGURE", problems: [{ where: join(out, "evaluations", "1") }] });
    expect(existsSync(join(out, "evaluations", "1", "metrics.json"))).toBe(true);
    const fine = await evaluateRun({ run: out, metrics: ["active-units"], threads: 1 });
    expect(fine.metrics.measurements.activeUnits).toEqual(activeUnits);

    // Other figures in their place end that.
    await evaluateRun({ run: out, metrics: ["active-units"], replace: true, threads: 1 });
    expect(statusOf(out)).toMatchObject({ state: "finished", exit: 0 });
    expect(statusOf(out)).not.toHaveProperty("reason");
    await resumeFolder({ folder: out, threads: 1 });
  });

  test("of a trial is in the sweep's report with all other figures, and the sweep exits with 1 each time", async () => {
    const out = newFolder();
    const spec = { ...specIn(newFolder()), sweep: { grid: { "evaluation.split": ["validation", "test"] } } };
    const events: ProgressEvent[] = [];
    const reporter = { event: (event: ProgressEvent) => void events.push(event) };
    const error = await refusalOf(runIn(spec as never, { reporter }, out));
    expect(error).toMatchObject({ code: "FIGURE", exitCode: 1, written: { folder: out, kind: "sweep" } });
    expect(error.problems[0]!.message).toMatch(
      /^1 of 2 trials finished with figures that are not finite, the first \(\w{12}\) with: .*figures are not finite/,
    );
    // Nothing failed, so nothing is said to be tried again.
    expect(error.problems[0]!.remedy).toBe("The report shows the others.");
    const told = events.flatMap((event) => (event.type === "trial" ? [event.state] : []));
    expect(told).toEqual(["started", "finished", "started", "finished"]);
    expect(events.flatMap((event) => (event.type === "warning" ? [event.message] : [])).join("\n")).not.toContain(
      "failed",
    );
    const rows = readFileSync(join(out, "summary.csv"), "utf8").trimEnd().split("\n");
    expect(rows).toHaveLength(3);
    const [names, ...trials] = rows.map((row) => row.split(","));
    const column = (name: string) => trials.map((cells) => cells[names!.indexOf(name)]);
    expect(column("distortion")[1]).toBe("");
    expect(Number(column("activeUnits")[1])).toBeGreaterThanOrEqual(0);
    const table = formatSweepTable(readJson(join(out, "metrics.json")) as SweepMetrics);
    expect(table).toMatch(/null \(.*distortion.*, 1 trial\): the value is (Infinity|NaN), not a finite number/);
    const { points } = readJson(join(out, "metrics.json")) as SweepMetrics;
    expect(points.map(({ measurements }) => measurements.distortion!.value === null)).toEqual([false, true]);
    expect(points.every(({ measurements }) => measurements.activeUnits!.value !== null)).toBe(true);
    expect(await refusalOf(resumeFolder({ folder: out, threads: 1 }))).toMatchObject({ code: "FIGURE", exitCode: 1 });
  });
});
