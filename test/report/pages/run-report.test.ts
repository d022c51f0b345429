import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { formatRunTable, writeReport } from "../../../src/report/index.js";
import { readNpz } from "../../../src/storage/npz.js";
import { readHistory } from "../../../src/storage/read-history.js";
import { measured } from "../support/figures.js";
import { writeRunFolder } from "../support/folders.js";
import { linearFigures } from "../support/linear-vae.js";
import { circlesOf, figureUnder, outsideAddresses, pathsOf, sectionIds, worstMisplacement } from "../support/page.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-run-report-"));
const warnings = vi.spyOn(console, "warn");
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  // Vega prints what it had to mend in a chart.
  expect(warnings.mock.calls).toEqual([]);
  warnings.mockRestore();
});

const report = async (
  name: string,
  ...options: Parameters<typeof writeRunFolder> extends [string, ...infer Rest] ? Rest : never
) => {
  const folder = join(root, name);
  const metrics = writeRunFolder(folder, ...options);
  return { folder, metrics, page: readFileSync(await writeReport(folder), "utf8") };
};

describe("the report of a finished run", () => {
  let made: Awaited<ReturnType<typeof report>>;
  beforeAll(async () => {
    made = await report("whole", { beta: 2, description: "Gaussian data <known>" });
  }, 60_000);

  it("has every section, and a link to each", () => {
    expect(sectionIds(made.page)).toEqual(["figures", "training", "samples", "reconstructions", "latents", "spec"]);
    for (const id of sectionIds(made.page)) expect(made.page).toContain(`<a href="#${id}">`);
    expect(made.page).not.toContain("Not shown");
  });

  it("asks for nothing from anywhere, and lets nothing else run", () => {
    expect(outsideAddresses(made.page)).toEqual([]);
    expect(made.page).toContain("default-src &#39;none&#39;; img-src data:;");
    expect(made.page.match(/<script/g)).toHaveLength(1);
  });

  it("holds the pictures byte for byte", () => {
    const uris = [...made.page.matchAll(/<img src="data:image\/png;base64,([^"]+)" width="(\d+)" height="(\d+)"/g)];
    const files = ["prior-draws.png", "prior-means.png", "reconstructions.png", "interpolations.png"];
    expect(uris).toHaveLength(files.length);
    uris.forEach(([, base64 = "", width, height], i) => {
      const bytes = Buffer.from(base64, "base64");
      expect(bytes.equals(readFileSync(join(made.folder, "samples", files[i]!)))).toBe(true);
      const picture = decode(bytes);
      expect(Number(width) / picture.width).toBe(Number(height) / picture.height);
    });
  });

  it("states state, seed, duration, engine and the data's hash", () => {
    expect(made.page).toMatch(/<dt>state<\/dt><dd>.*finished/);
    expect(made.page).toContain("<dt>seed</dt><dd>1</dd>");
    expect(made.page).toContain("<dt>duration</dt><dd>3 min 41 s</dd>");
    expect(made.page).toContain("<dt>engine</dt><dd>native</dd>");
    expect(made.page).toMatch(/<dt>data SHA-256<\/dt><dd><span title="9b74c9897bac770ffc029102a200c5de9b74/);
  });

  it("gives every figure with its unit, n, k and note", () => {
    const { rate } = made.metrics.measurements;
    expect(made.page).toMatch(
      new RegExp(
        `<th scope="row">rate</th>\\s*<td class="number">${rate!.value!.toFixed(2)}</td>\\s*<td class="number">0.060</td>\\s*<td>nats</td><td class="number">1000</td><td class="number">10</td>`,
      ),
    );
    expect(made.page).toContain("of 8; variance above 0.01");
  });

  it("draws the logged curves where their values are", () => {
    const lines = readHistory(join(made.folder, "history.jsonl")).entries.filter(({ name }) => name === "distortion");
    const train = lines.filter(({ split }) => split === "train").map(({ value }) => value);
    const [path = ""] = pathsOf(figureUnder(made.page, "Loss and its terms"), "curves_1");
    const places = path
      .slice(1)
      .split("L")
      .map((point) => Number(point.split(",")[1]));
    expect(worstMisplacement(train, places)).toBeLessThan(0.02);
  });

  it("draws the KL of each dimension as long as it is", () => {
    const kl = linearFigures(2)
      .kl.map((value, j) => value * (1 - Math.exp(-20 / (2 + j))))
      .sort((a, b) => b - a);
    const widths = pathsOf(figureUnder(made.page, "KL by dimension"), "end").map((path) =>
      Number(/h([\d.]+)/.exec(path)?.[1] ?? 0),
    );
    expect(worstMisplacement(kl, widths)).toBeLessThan(0.02);
    expect(widths[0]! / widths[1]!).toBeCloseTo(kl[0]! / kl[1]!, 3);
  });

  it("draws each gradient norm and schedule once", () => {
    const figure = figureUnder(made.page, "Gradient norm and schedules");
    const titles = ["gradient norm", "beta", "learning rate"];
    for (const title of titles) expect(figure.split(`>${title}</text>`)).toHaveLength(2);
    expect(pathsOf(figure, "curves_2")).toHaveLength(1);
    expect(figure).not.toContain("curves_3");
  });

  it("draws the codes where their projection is, both axes on one scale", () => {
    const { projection } = readNpz(join(made.folder, "samples", "latents.npz"));
    const circles = circlesOf(figureUnder(made.page, "Test examples in latent space"), "codes_0");
    expect(circles).toHaveLength(500);
    const [xs, ys] = [0, 1].map((axis) => Array.from({ length: 500 }, (_, i) => projection!.data[2 * i + axis]!)) as [
      number[],
      number[],
    ];
    expect(
      worstMisplacement(
        xs,
        circles.map(({ x }) => x),
      ),
    ).toBeLessThan(0.02);
    expect(
      worstMisplacement(
        ys,
        circles.map(({ y }) => y),
      ),
    ).toBeLessThan(0.02);
    const scale = (values: number[], places: number[]): number =>
      Math.abs((places[1]! - places[0]!) / (values[1]! - values[0]!));
    expect(
      scale(
        xs,
        circles.map(({ x }) => x),
      ),
    ).toBeCloseTo(
      scale(
        ys,
        circles.map(({ y }) => y),
      ),
      0,
    );
  });

  it("escapes what the spec says", () => {
    expect(made.page).toContain("Gaussian data &lt;known&gt;");
  });

  it("gives the same page for the same folder", async () => {
    expect(readFileSync(await writeReport(made.folder), "utf8")).toBe(made.page);
  });
});

describe("the report of a run with several latents", () => {
  it("has a chart of KL by dimension for each latent, under its name, and no panel for a single dimension", async () => {
    const { page } = await report("ladder", { latentNames: ["z1", "z2"] });
    const lengths = (latent: string): number[] =>
      pathsOf(figureUnder(page, `KL of ${latent} by dimension`), "end").map((path) =>
        Number(/h([\d.]+)/.exec(path)?.[1] ?? 0),
      );
    const kl = linearFigures(1)
      .kl.map((value, j) => value * (1 - Math.exp(-20 / (2 + j))))
      .sort((a, b) => b - a);
    for (const latent of ["z1", "z2"]) expect(worstMisplacement(kl, lengths(latent))).toBeLessThan(0.02);
    const sums = { z1: kl.reduce((a, b) => a + b), z2: kl.reduce((a, b) => a + b) / 2 };
    for (const [latent, sum] of Object.entries(sums)) {
      const figure = figureUnder(page, `KL of ${latent} by dimension`);
      expect(figure).toContain(`add up to ${sum.toFixed(2)} nats`);
      expect(figure).toContain(`${latent}[7]`);
    }
    expect(figureUnder(page, "Loss and its terms")).not.toContain("curves_3");
    expect(page).not.toContain("<h3>KL by dimension</h3>");
  });

  it("reads the latents of a run that an older version left", async () => {
    const folder = join(root, "older");
    cpSync(join(import.meta.dirname, "../../fixtures/format-2/run"), folder, { recursive: true });
    const page = readFileSync(await writeReport(folder), "utf8");
    // Its history ends after one epoch: kl/z1/0, kl/z1/1 and, of a single dimension, kl/z2.
    expect(figureUnder(page, "KL of z1 by dimension")).toContain("add up to 3.68 nats");
    expect(figureUnder(page, "KL of z2 by dimension")).toContain("add up to 1.49 nats");
    expect(figureUnder(page, "Gradient norm and schedules").split(">beta</text>")).toHaveLength(2);
    expect(page).not.toContain("cannot be read");
  });
});

describe("the report of a run that lacks something", () => {
  it("lets nothing of a hostile name, note or label through", async () => {
    const bad = `"><img src=x onerror=alert(1)></title><script>alert(2)</script>'`;
    const { page } = await report("hostile", {
      name: bad,
      description: bad,
      measurements: {
        [bad]: { metric: bad, figure: bad, better: "lower", value: 1, unit: bad, n: 1, note: bad, field: bad },
      },
      declared: {
        figures: {
          [bad]: { metric: bad, title: bad, unit: bad, better: "lower", section: "likelihood", reading: bad },
        },
        planes: [],
      },
    });
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/<img src=x/);
    expect(page).toContain("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;");
  });

  it("says why a figure is null", async () => {
    const { page, metrics } = await report("null", {
      measurements: {
        rate: measured("rate", { value: null, n: 1000, note: "the posterior is a point mass" }),
        distortion: measured("distortion", { value: 88.4, n: 1000 }),
      },
    });
    expect(page).toMatch(/<th scope="row">rate<\/th>\s*<td class="number">null<\/td>/);
    expect(page).toContain("the posterior is a point mass");
    expect(formatRunTable(metrics)).toMatch(/rate +null +nats +n=1000 +the posterior is a point mass/);
  });

  it("says that samples and labels are missing", async () => {
    const bare = await report("bare", { samples: false });
    for (const file of ["prior-draws.png", "reconstructions.png", "interpolations.png", "latents.npz"])
      expect(bare.page).toContain(`samples/${file} is not in this folder`);
    const unlabeled = await report("unlabeled", { labels: false });
    expect(unlabeled.page).toContain("These data have no labels");
  });

  it("says of data that are not images what writes their values, in one place", async () => {
    const { page } = await report("table", { images: false });
    expect(page.match(/These data are not images/g)).toHaveLength(1);
    expect(page).not.toContain("is not in this folder");
    expect(sectionIds(page)).toContain("samples");
    expect(sectionIds(page)).not.toContain("reconstructions");
  });

  it("says that a run failed, and why, and shows its curves", async () => {
    const { page } = await report("failed", { state: "failed", reason: "the loss became NaN at step 900", epochs: 14 });
    expect(page).toMatch(/<span class="bad">failed<\/span>: the loss became NaN at step 900/);
    expect(page).toContain("No figures: metrics.json is not in this folder.");
    expect(figureUnder(page, "Loss and its terms")).toContain("<svg");
  });

  it("says what is damaged, and where", async () => {
    const folder = join(root, "damaged");
    writeRunFolder(folder);
    writeFileSync(
      join(folder, "history.jsonl"),
      '{"step":1,"epoch":1,"split":"train","name":"loss","value":1}\n{"step":2,\n',
    );
    writeFileSync(join(folder, "metrics.json"), "{}");
    writeFileSync(join(folder, "samples", "prior-draws.png"), "no picture");
    writeFileSync(join(folder, "provenance.json"), "[");
    const page = readFileSync(await writeReport(folder), "utf8");
    expect(page).toContain("history.jsonl cannot be read: not a line of a training history, at 2");
    expect(page).toContain("metrics.json cannot be read: it has no &quot;figures&quot;");
    expect(page).toContain("prior-draws.png cannot be read: it is not a PNG");
    expect(page).toContain("provenance.json cannot be read: not JSON");
    expect(page).not.toContain(root);
  });

  it("counts values that are not finite instead of drawing them", async () => {
    const folder = join(root, "not-finite");
    writeRunFolder(folder);
    const log = join(folder, "history.jsonl");
    writeFileSync(
      log,
      readFileSync(log, "utf8").replace(/("epoch":7,"split":"train","name":"loss","value":)[^}]+/, '$1"NaN"'),
    );
    expect(readFileSync(await writeReport(folder), "utf8")).toContain("1 non-finite value is not drawn");
  });

  it("refuses a folder that is neither a run nor a sweep", async () => {
    await expect(writeReport(join(root, "nowhere"))).rejects.toMatchObject({ code: "RUN_FOLDER" });
    await expect(writeReport(root)).rejects.toThrow(/neither a run nor a sweep/);
  });
});
