/** The reports in headless Chromium: what they ask for, what they show, and what the keyboard reaches. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareFolders, writeComparison, writeReport } from "../../src/report/index.js";
import { writeNpz } from "../../src/storage/npz.js";
import { chromiumPath, launch, open } from "./support/browser.js";
import { CONTROLS, figuresOf, sampleFiguresOf, wobble } from "./support/figures.js";
import { writeRunFolder, writeSweepFolder } from "./support/folders.js";

if (chromiumPath === undefined)
  console.warn(
    "No Chromium: the reports are not opened in a browser. Install one (Debian: apt-get install chromium), or name it in VAELAB_CHROMIUM.",
  );

describe.skipIf(chromiumPath === undefined)("in a browser", { timeout: 120_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), "vaelab-browser-"));
  const pages: Record<string, string> = {};
  let browser: Browser;
  beforeAll(async () => {
    const [sweep, run] = [join(root, "sweep"), join(root, "run")];
    writeSweepFolder(sweep, {
      seeds: [1, 2],
      run: (choices, seed) => {
        const beta = choices["objective.beta"] as number;
        return { measurements: { ...figuresOf(beta, seed), ...sampleFiguresOf(beta, seed) }, controls: CONTROLS };
      },
    });
    writeRunFolder(run);
    writeRunFolder(join(root, "other"), { beta: 4 });
    for (const [i, folder] of [run, join(root, "other")].entries()) {
      const nll = Float64Array.from({ length: 50 }, (_, example) => 15 + i + wobble(example, i));
      writeNpz(join(folder, "per-example.npz"), { nll: { shape: [50], data: nll } });
    }
    pages.sweep = await writeReport(sweep);
    pages.run = await writeReport(run);
    pages.comparison = await writeComparison(join(root, "compare.html"), compareFolders([run, join(root, "other")]));
    browser = await launch();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(["sweep", "run", "comparison"])(
    "a %s asks for nothing, says nothing, and shows every picture",
    async (name) => {
      for (const [width, dark] of [
        [1280, false],
        [390, true],
      ] as const) {
        const { page, asked, said } = await open(browser, pages[name]!, { width, dark });
        await page.emulateMedia({ media: "print" });
        await page.pdf();
        await page.emulateMedia({ media: "screen" });
        const images = await page.$$eval("img", (all) =>
          all.map((image) => image.complete && image.naturalWidth > 0 && image.getBoundingClientRect().width > 20),
        );
        expect(images.every(Boolean)).toBe(true);
        expect(images.length).toBe({ sweep: 32, run: 4, comparison: 0 }[name]);
        const charts = await page.$$eval(".plot svg", (all) =>
          all.map((svg) => ({
            width: svg.getBoundingClientRect().width,
            marks: svg.querySelectorAll("path,line,circle").length,
          })),
        );
        expect(charts.length).toBeGreaterThan(name === "comparison" ? 0 : 2);
        for (const { width: drawn, marks } of charts) {
          expect(drawn).toBeGreaterThan(200);
          expect(marks).toBeGreaterThan(5);
        }
        // The page itself never scrolls sideways: what is wider does so in a frame of its own.
        expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        expect({ asked, said }).toEqual({ asked: [], said: [] });
        await page.context().close();
      }
    },
  );

  it("follows the reader's light or dark, and print is always light", async () => {
    const background = async (dark: boolean, print: boolean): Promise<string> => {
      const { page } = await open(browser, pages.sweep!, { width: 1280, dark });
      if (print) await page.emulateMedia({ media: "print" });
      const color = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      await page.context().close();
      return color;
    };
    expect(await background(false, false)).toBe("rgb(255, 255, 255)");
    expect(await background(true, false)).toBe("rgb(20, 24, 29)");
    expect(await background(true, true)).toBe("rgb(255, 255, 255)");
  });

  it("lets the keyboard reach everything, in order", async () => {
    const { page } = await open(browser, pages.sweep!, { width: 1280 });
    const wanted = await page.$$eval("a[href], button, summary, [tabindex]", (all) =>
      all
        .filter((element) => element.checkVisibility())
        .map((element, i) => {
          element.setAttribute("data-place", String(i));
          return i;
        }),
    );
    const reached: number[] = [];
    for (let press = 0; press < wanted.length; press++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate<number>("Number(document.activeElement?.dataset.place ?? -1)"));
    }
    expect(reached).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(40);
    await page.context().close();
  });

  it("sorts a column by Enter, up and then down, and says which way", async () => {
    const { page } = await open(browser, pages.sweep!, { width: 1280 });
    const column = (): Promise<{ sort: string | null; values: number[] }> =>
      page.evaluate(`(() => {
        const table = document.querySelector("table.sortable");
        const heads = [...table.tHead.rows[0].cells];
        const at = heads.findIndex((head) => head.textContent.startsWith("distortion"));
        const values = [...table.tBodies[0].rows].map((row) => Number(row.cells[at].dataset.value));
        return { sort: heads[at].getAttribute("aria-sort"), values };
      })()`);
    const before = await column();
    expect(before.sort).toBeNull();
    await page.locator("table.sortable").first().getByRole("button", { name: "distortion" }).focus();
    await page.keyboard.press("Enter");
    const up = [...before.values].sort((a, b) => a - b);
    expect(await column()).toEqual({ sort: "ascending", values: up });
    await page.keyboard.press("Enter");
    expect(await column()).toEqual({ sort: "descending", values: up.reverse() });
    await page.context().close();
  });

  it("covers no label by another, in any chart", async () => {
    const { page } = await open(browser, pages.sweep!, { width: 1280 });
    const overlaps = await page.$$eval("figure.chart", (figures) =>
      figures.flatMap((figure) => {
        const texts = [...figure.querySelectorAll(".plot svg text")].filter((text) => text.textContent?.trim());
        // In the scatter plots of codes a label is written twice, over its own halo.
        if (figure.querySelector("h3")?.textContent?.includes("latent space")) return [];
        const boxes = texts.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
        return boxes.flatMap((a, i) =>
          boxes.slice(i + 1).flatMap((b) => {
            const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            return width > 2 && height > 3
              ? [`${figure.querySelector("h3")?.textContent}: "${a.text}" over "${b.text}"`]
              : [];
          }),
        );
      }),
    );
    expect(overlaps).toEqual([]);
    await page.context().close();
  });
});
