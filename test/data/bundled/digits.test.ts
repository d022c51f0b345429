import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../../../src/contracts/dataset.js";
import { digitFolder, readDigits } from "../../../src/data/bundled/digit-files.js";
import { digits } from "../../../src/data/bundled/digits.js";
import type { VaelabError } from "../../../src/errors.js";
import type { Noise } from "../../../src/tensor/keyed-noise.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { errorOf } from "../../support/error-of.js";

const PIXELS = 784;
const defaults = { type: "digits", binarize: "static", seed: 0, train: 8000, validation: 1000, test: 1000 } as const;
const create = async (fields: object = {}): Promise<Dataset> =>
  digits.create({ ...defaults, ...fields } as never, { folder: "." });
const all = (size: number): number[] => Array.from({ length: size }, (_, i) => i);
/** Bit by bit; toEqual takes minutes over millions of values. */
const same = (a: Float32Array, b: Float32Array): boolean =>
  Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;

/** Straight from the package's files: every image's gray values as text, to the label of its file. */
const rawLabels = new Map<string, number>();
const rawCounts: number[] = [];
const keyOf = (pixels: ArrayLike<number>): string => Array.from(pixels, (p) => Math.round(p * 1000)).join();
beforeAll(() => {
  for (let label = 0; label < 10; label++) {
    const path = createRequire(import.meta.url).resolve(`mnist/src/digits/${label}.json`);
    const { data } = JSON.parse(readFileSync(path, "utf8")) as { data: number[] };
    rawCounts.push(data.length / PIXELS);
    for (let start = 0; start < data.length; start += PIXELS)
      rawLabels.set(keyOf(data.slice(start, start + PIXELS)), label);
  }
});

describe("digits", () => {
  it("holds every image of the files once, each with its file's label", async () => {
    const dataset = await create({ binarize: "none" });
    const counts = new Array<number>(10).fill(0);
    const seen = new Set<string>();
    for (const name of ["train", "validation", "test"] as const) {
      const split = dataset.split(name, "training");
      expect(split.size).toBe(dataset.sizes[name]);
      const { image, label } = split.read(all(split.size));
      for (let i = 0; i < split.size; i++) {
        const key = keyOf(image!.subarray(i * PIXELS, (i + 1) * PIXELS));
        if (rawLabels.get(key) !== label![i])
          throw new Error(`${name} ${i}: labeled ${label![i]}, filed under ${rawLabels.get(key)}`);
        counts[label![i]!]!++;
        seen.add(key);
      }
    }
    expect(counts).toEqual(rawCounts);
    expect(seen.size).toBe(rawLabels.size);
    expect(counts.reduce((a, b) => a + b)).toBe(10_000);
  });

  it("is fixed by its seed, and says so in its hash", async () => {
    const [a, b, other] = [await create(), await create(), await create({ seed: 1 })];
    const rows = [0, 7, 7999];
    expect(a.split("train", "training").read(rows)).toEqual(b.split("train", "training").read(rows));
    expect(a.sha256).toBe(b.sha256);
    expect(other.sha256).not.toBe(a.sha256);
    expect(other.split("test", "evaluation").read(rows.slice(0, 2))).not.toEqual(
      a.split("test", "evaluation").read(rows.slice(0, 2)),
    );
    for (const fields of [{ binarize: "none" }, { binarize: "stochastic" }, { train: 7999 }])
      expect((await create(fields)).sha256).not.toBe(a.sha256);
  });

  it("scores a smaller training set on the same examples", async () => {
    const [full, small] = [await create(), await create({ train: 100 })];
    for (const name of ["validation", "test"] as const) {
      const [a, b] = [small, full].map((dataset) => dataset.split(name, "evaluation").read(all(1000)));
      expect(same(a!.image!, b!.image!)).toBe(true);
      expect(same(a!.label!, b!.label!)).toBe(true);
    }
    expect(small.split("train", "training").read(all(100))).toEqual(full.split("train", "training").read(all(100)));
  });

  it("binarizes once, by the gray values as probabilities, the same for every purpose and mode", async () => {
    const [fixed, stochastic, gray] = [
      await create(),
      await create({ binarize: "stochastic" }),
      await create({ binarize: "none" }),
    ];
    const images = (dataset: Dataset, purpose: "training" | "evaluation") =>
      dataset.split("train", purpose).read(all(8000)).image!;
    const drawn = images(fixed, "training");
    const probabilities = images(gray, "evaluation");
    expect(same(images(fixed, "evaluation"), drawn)).toBe(true);
    expect(same(images(stochastic, "evaluation"), drawn)).toBe(true);
    expect(same(images(stochastic, "training"), probabilities)).toBe(true);

    // Pixels by tenths of gray: the share that is 1 is binomial, with the mean of their gray values.
    const [n, ones, mean, variance] = [0, 1, 2, 3].map(() => new Float64Array(12)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    drawn.forEach((value, i) => {
      const p = probabilities[i]!;
      if (value !== 0 && value !== 1) throw new Error(`pixel ${i} is ${value}`);
      const bin = p === 0 ? 10 : p === 1 ? 11 : Math.floor(p * 10);
      n[bin]!++;
      ones[bin]! += value;
      mean[bin]! += p;
      variance[bin]! += p * (1 - p);
    });
    expect([ones[10], ones[11]]).toEqual([0, n[11]]);
    for (let bin = 0; bin < 10; bin++) {
      expect(n[bin]!).toBeGreaterThan(10_000);
      expect(Math.abs(ones[bin]! - mean[bin]!)).toBeLessThan(4 * Math.sqrt(variance[bin]!));
    }
  });

  it("binarizes anew inside the step where that was asked for", async () => {
    await useEngine();
    const { transform } = await create({ binarize: "stochastic" });
    expect((await create()).transform).toBeUndefined();
    expect((await create({ binarize: "none" })).transform).toBeUndefined();
    const sites: string[] = [];
    const uniforms = [0, 0.999, 0.25, 0.5];
    const noise: Pick<Noise, "uniform"> = {
      uniform: (site, shape) => {
        sites.push(site);
        return tf.tensor(uniforms, [...shape]);
      },
    };
    const label = tf.tensor1d([3]);
    const out = transform!({ image: tf.tensor([0, 1, 0.5, 0.5], [1, 2, 2, 1]), label }, noise as Noise);
    // u < p: never for black, always for white.
    expect(Array.from(out.image!.dataSync())).toEqual([0, 1, 1, 0]);
    expect(out.image).toMatchObject({ shape: [1, 2, 2, 1], dtype: "float32" });
    expect(out.label).toBe(label);
    expect(sites).toEqual(["binarize"]);
  });

  it("describes itself without reading anything", () => {
    const started = performance.now();
    const description = digits.inspect!({ ...defaults, binarize: "none" }, { folder: "." });
    expect(performance.now() - started).toBeLessThan(20);
    expect(description).toEqual({
      fields: {
        image: { kind: "image", shape: [28, 28, 1], support: "unit" },
        label: { kind: "label", shape: [], support: "categorical", classes: 10 },
      },
      modeled: "image",
      sizes: { train: 8000, validation: 1000, test: 1000 },
    });
    expect(digits.inspect!(defaults, { folder: "." }).fields.image?.support).toBe("binary");
  });

  it("refuses splits that ask for more than there is", async () => {
    const error = errorOf(() => digits.inspect!({ ...defaults, train: 8001 }, { folder: "." }));
    expect(error).toMatchObject({
      code: "SPEC_INVALID",
      message: expect.stringContaining("need 10001 examples, but the data have 10000"),
    });
    await expect(create({ train: 8001 })).rejects.toThrow("need 10001 examples");
  });

  it("refuses rows that a split does not have", async () => {
    const split = (await create({ test: 10 })).split("test", "evaluation");
    expect(errorOf(() => split.read([9, 10])).message).toContain("row 10 is out of range for a split of 10");
  });
});

describe("damaged digit files", () => {
  const damaged = (file: string, change: (text: string) => string): VaelabError => {
    const folder = mkdtempSync(join(tmpdir(), "vaelab-digits-"));
    cpSync(digitFolder(), folder, { recursive: true });
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), "utf8")));
    try {
      return errorOf(() => readDigits(folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it.each([
    ["cut", "3.json", (text: string) => text.slice(0, 1000), "3.json:1:"],
    ["without data", "0.json", () => "{}", '0.json  the digits file has no array "data"'],
    [
      "short of a value",
      "9.json",
      (text: string) => text.replace(/\[[^,]*,/, "["),
      "9.json  766751 values are not a whole number of images",
    ],
    [
      "with a value that is none",
      "0.json",
      (text: string) => text.replace(/,[^,]*,/, ',"x",'),
      '0.json  image 0, pixel 1 is "x"',
    ],
    [
      "with a value beyond 1",
      "0.json",
      (text: string) => text.replace(/,[^,]*\]/, ",1.5]"),
      "0.json  image 1000, pixel 783 is 1.5",
    ],
    ["empty of images", "5.json", () => '{"data":[]}', "found 9137 digits, expected 10000"],
  ])("are refused: %s", (_, file, change, message) => {
    const error = damaged(file, change);
    expect(error.code).toBe("DATA");
    expect(error.message).toContain(message);
  });

  it("are refused when one is missing", () => {
    expect(errorOf(() => readDigits(tmpdir())).message).toContain(
      "0.json  a file of the digits data set cannot be read. Install the package mnist 1.1.0 again.",
    );
  });
});
