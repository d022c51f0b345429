import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  formatDuration,
  formatError,
  formatFigure,
  formatNumber,
  formatSpreadText,
} from "../../../src/report/figures/numbers.js";
import { formatSweepTable } from "../../../src/report/index.js";
import { html, Markup } from "../../../src/report/pages/html.js";
import { figuresOf, sampleFiguresOf } from "../support/figures.js";
import { writeSweepFolder } from "../support/folders.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-tables-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("markup", () => {
  it("escapes what is put in, in text and in attributes, and only that", () => {
    expect(html`<b title="${`"'<>&`}">${["<i>", new Markup("<i>"), null, false, 3]}</b>`.text).toBe(
      '<b title="&quot;&#39;&lt;&gt;&amp;">&lt;i&gt;<i>3</b>',
    );
  });

  it("replaces characters that no page may hold", () => {
    expect(html`${"a\u0000b\u001bc"}`.text).toBe("a\ufffdb\ufffdc");
  });
});

describe("numbers", () => {
  it("have the digits that their interval supports", () => {
    expect(formatSpreadText({ mean: 104.3149, low: 103.8949, high: 104.7349 }, "nats")).toBe("104.31 ± 0.42");
    expect(formatSpreadText({ mean: 104.3149, low: 91.1, high: 117.5298 }, "nats")).toBe("104 ± 13");
    expect(formatSpreadText({ mean: 8, low: 8, high: 8 }, "count")).toBe("8 ± 0");
    expect(formatSpreadText({ mean: 104.3149, low: null, high: null }, "nats")).toBe("104.31");
    expect(formatError(0.0612)).toBe("0.061");
  });

  it("are written whatever they are", () => {
    expect([0, 12, 0.12345, 1234.56, 1e-9, 3e12, Number.NaN, Number.NEGATIVE_INFINITY].map(formatNumber)).toEqual([
      "0",
      "12",
      "0.1235",
      "1234.6",
      "1.00e-9",
      "3.00e+12",
      "NaN",
      "-∞",
    ]);
    expect(formatFigure(-98.7654, "nats")).toBe("-98.77");
  });

  it("tell durations", () => {
    expect(formatDuration("2025-01-01T00:00:00Z", "2025-01-01T00:00:07.5Z")).toBe("7.5 s");
    expect(formatDuration("2025-01-01T00:00:00Z", "2025-01-01T02:03:59Z")).toBe("2 h 3 min");
    expect(formatDuration("yesterday", "2025-01-01T00:00:00Z")).toBeNull();
  });
});

describe("a table wider than a terminal", () => {
  it("goes on beneath, section by section, with the settings at the left of each part", () => {
    const { groups, ...rest } = writeSweepFolder(join(root, "wide"), {
      seeds: [1, 2],
      run: ({ "objective.beta": beta }, seed) => ({
        measurements: { ...figuresOf(Number(beta), seed), ...sampleFiguresOf(Number(beta), seed) },
        samples: false,
      }),
    });
    const lines = formatSweepTable({ ...rest, groups }).split("\n");
    const heads = lines.filter((line) => /^beta +seeds /.test(line));
    expect(heads).toHaveLength(2);
    expect(heads[0]).toMatch(/ rate +distortion +ELBO .* squared error$/);
    expect(heads[1]).toMatch(/^beta +seeds +active units +density +coverage +precision +recall$/);
    expect(Math.max(...lines.filter((line) => /^─+$/.test(line)).map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(lines.filter((line) => /^ *16 +2 /.test(line))).toHaveLength(2);
    expect(lines).toContain(
      "only in the report: effective sample size, training encoder, effective sample size and other sets of samples",
    );
  });
});
