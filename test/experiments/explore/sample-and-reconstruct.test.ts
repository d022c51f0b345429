/** A finished run at work again: its codes, ways between them, and further evaluations. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  encodeRun,
  evaluateRun,
  interpolateRun,
  reconstructRun,
  sampleRun,
  traverseRun,
} from "../../../src/experiments/index.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { FORMAT } from "../../../src/storage/format.js";
import { readNpz } from "../../../src/storage/npz.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { copyOf, refusalOf, runIn } from "../support/runs.js";

const SPEC = {
  name: "from-run",
  data: { type: "digits", train: 256, validation: 130, test: 110 },
  model: { latent: 3, encoder: { type: "mlp", hidden: [16] }, decoder: { type: "mlp", hidden: [16] } },
  training: { epochs: 2, batchSize: 64 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
} satisfies ExperimentSpec;
const engine = (process.env.VAELAB_TEST_ENGINE ?? "native") as "native";
const on = { engine, threads: 1 } as const;

let run: string;
let outside: string;
beforeAll(async () => {
  run = await runIn(SPEC);
  outside = join(run, "..", "written");
});
const imagesOf = (file: string): Float32Array => readNpz(file).image!.data as Float32Array;
const metricsOf = (folder: string): unknown => JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));

describe("codes", () => {
  test("of the scored split are those of the run's own picture, with labels and places", async () => {
    const { file, arrays } = await encodeRun({ run, out: join(outside, "codes.npz"), ...on });
    expect(arrays).toEqual({ index: [110], label: [110], mean: [110, 3], logVariance: [110, 3] });
    const [codes, own] = [readNpz(file), readNpz(join(run, "samples", "latents.npz"))];
    expect(codes.mean).toEqual(own.codes);
    expect(Array.from(codes.label!.data)).toEqual(Array.from(own.label!.data));
    expect(Array.from(codes.index!.data)).toEqual(Array.from({ length: 110 }, (_, i) => i));
  });
  test("are the same numbers as columns and as arrays", async () => {
    const [npz, csv] = [join(outside, "validation.npz"), join(outside, "validation.csv")];
    for (const out of [npz, csv]) await encodeRun({ run, out, split: "validation", ...on });
    const arrays = readNpz(npz);
    const [head = "", ...lines] = readFileSync(csv, "utf8").trimEnd().split("\n");
    expect(head).toBe("index,label,mean_0,mean_1,mean_2,logVariance_0,logVariance_1,logVariance_2");
    expect(lines).toHaveLength(130);
    const { index, label, mean, logVariance } = arrays;
    for (const [row, line] of lines.entries()) {
      const part = (array: typeof mean): number[] => Array.from(array!.data.subarray(row * 3, row * 3 + 3));
      const expected = [index!.data[row], label!.data[row], ...part(mean), ...part(logVariance)];
      expect(line.split(",").map((text) => Math.fround(Number(text)))).toEqual(expected);
    }
  });
  test("go to no other ending", async () => {
    for (const out of ["codes.txt", "codes"])
      expect(await refusalOf(encodeRun({ run, out: join(outside, out), ...on }))).toMatchObject({ code: "USAGE" });
  });
  test("leave no file when they are interrupted", async () => {
    const controller = new AbortController();
    controller.abort();
    const out = join(outside, "interrupted.npz");
    const error = await refusalOf(encodeRun({ run, out, signal: controller.signal, ...on }));
    expect(error).toMatchObject({ code: "INTERRUPTED", exitCode: 75 });
    expect(existsSync(outside) ? readdirSync(outside).filter((name) => name.startsWith("interrupted")) : []).toEqual(
      [],
    );
  });
});

describe("walks", () => {
  const SIZE = 28 * 28;
  const reconstructions = async (count: number): Promise<Float32Array> => {
    const { files } = await reconstructRun({ run, count, out: join(outside, "pairs.npz"), ...on });
    return imagesOf(files[0]!).subarray(count * SIZE);
  };
  const close = (a: Float32Array, b: Float32Array): void => {
    const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
    expect(worst).toBeLessThan(1e-5);
  };
  test.each(["straight", "slerp"] as const)(
    "the %s one begins and ends at the examples' reconstructions",
    async (walk) => {
      const expected = await reconstructions(5);
      const { files } = await interpolateRun({
        run,
        from: 1,
        to: 4,
        steps: 6,
        walk,
        out: join(outside, "w.npz"),
        ...on,
      });
      const images = imagesOf(files[0]!);
      expect(images).toHaveLength(6 * SIZE);
      close(images.subarray(0, SIZE), expected.subarray(SIZE, 2 * SIZE));
      close(images.subarray(5 * SIZE), expected.subarray(4 * SIZE, 5 * SIZE));
    },
  );
  test("a traversal has the reconstruction in the middle of each row", async () => {
    const expected = await reconstructions(3);
    const at = { dimensions: [2, 0], index: 2, range: 2, steps: 5 };
    const { files } = await traverseRun({ run, ...at, out: join(outside, "t.npz"), ...on });
    const images = imagesOf(files[0]!);
    expect(images).toHaveLength(10 * SIZE);
    for (const middle of [2, 7])
      close(images.subarray(middle * SIZE, (middle + 1) * SIZE), expected.subarray(2 * SIZE, 3 * SIZE));
    expect(images.subarray(0, SIZE)).not.toEqual(images.subarray(2 * SIZE, 3 * SIZE));
  });
  test("are pictures unless arrays are asked for, in the run's samples unless said otherwise", async () => {
    const { files, dimensions } = await traverseRun({ run, ...on });
    expect(dimensions).toEqual([0, 1, 2]);
    expect(files).toEqual([join(run, "samples", "traverse-test-0.png")]);
    const picture = readFileSync(files[0]!);
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([11 * 29 - 1, 3 * 29 - 1]);
    rmSync(files[0]!);
  });
  test("name what is out of reach", async () => {
    const far = await refusalOf(interpolateRun({ run, from: 110, to: 999, steps: 3, ...on }));
    expect(far.problems.map(({ where }) => where)).toEqual(["--from 110", "--to 999"]);
    const wide = await refusalOf(traverseRun({ run, dimensions: [0, 3], ...on }));
    expect(wide.problems[0]).toMatchObject({ where: "--dimension 3", remedy: "Name them from 0 to 2." });
    const ending = await refusalOf(sampleRun({ run, count: 1, out: "x.gif", ...on }));
    expect(ending.message).toContain('"x.gif" ends in .gif');
  });
});

describe("an evaluation of a finished run", () => {
  test("by the run's own metrics gives its figures again, beside them", async () => {
    const copy = copyOf(run);
    const before = bytesOf(copy);
    const { folder, metrics } = await evaluateRun({ run: copy, ...on });
    expect(folder).toBe(join(copy, "evaluations", "1"));
    expect({ format: FORMAT, ...metrics }).toEqual(metricsOf(run));
    expect(metricsOf(folder)).toEqual(metricsOf(run));
    expect(readNpz(join(folder, "per-example.npz"))).toEqual(readNpz(join(run, "per-example.npz")));
    rmSync(join(copy, "evaluations"), { recursive: true });
    expect(differencesBetween(before, bytesOf(copy))).toEqual([]);
  });
  test("takes other metrics and another split, each time in a folder of its own", async () => {
    const copy = copyOf(run);
    const first = await evaluateRun({ run: copy, metrics: ["active-units"], ...on });
    expect(Object.keys(first.metrics.measurements)).toEqual(["activeUnits"]);
    const second = await evaluateRun({ run: copy, set: ["evaluation.split=validation"], ...on });
    expect(second.metrics).toMatchObject({ split: "validation", measurements: { elbo: { n: 130 } } });
    expect(readdirSync(join(copy, "evaluations")).sort()).toEqual(["1", "2"]);
    const asked = JSON.parse(readFileSync(join(second.folder, "evaluation.json"), "utf8")) as object;
    expect(asked).toMatchObject({ evaluation: { split: "validation" }, data: { sizes: { validation: 130 } } });
  });
  test("takes the place of the run's own only where that is asked for", async () => {
    const copy = copyOf(run);
    await evaluateRun({ run: copy, set: ["evaluation.split=validation"], replace: true, ...on });
    expect(metricsOf(copy)).toMatchObject({ split: "validation" });
    expect(readFileSync(join(copy, "report.html"), "utf8")).toContain("validation split");
    expect(readdirSync(join(copy, "evaluations"))).toEqual([]);
  });
  test("replaces nothing where a folder stands in the place of one of the files", async () => {
    const copy = copyOf(run);
    rmSync(join(copy, "per-example.npz"));
    mkdirSync(join(copy, "per-example.npz"));
    const before = readFileSync(join(copy, "metrics.json"), "utf8");
    const { code, problems } = await refusalOf(evaluateRun({ run: copy, replace: true, ...on }));
    expect([code, problems[0]!.where]).toEqual(["NOT_WRITABLE", join(copy, "per-example.npz")]);
    expect(readFileSync(join(copy, "metrics.json"), "utf8")).toBe(before);
    expect(readdirSync(join(copy, "evaluations"))).toEqual([]);
  });
  test("changes nothing but the evaluation, and needs a finished run on its own data", async () => {
    const other = await refusalOf(evaluateRun({ run, set: ["evaluation.split=train", "seed=3"], ...on }));
    expect(other.problems.map(({ where }) => where)).toEqual(["--set seed=3"]);
    const unknown = await refusalOf(evaluateRun({ run, metrics: ["nonsense"], ...on }));
    expect(unknown.message).toContain('unknown metric "nonsense"');
    const copy = copyOf(run);
    const status = JSON.parse(readFileSync(join(copy, "status.json"), "utf8")) as object;
    writeFileSync(join(copy, "status.json"), JSON.stringify({ ...status, state: "interrupted" }));
    expect((await refusalOf(evaluateRun({ run: copy, ...on }))).message).toContain(
      "the run is interrupted, not finished",
    );
    const moved = copyOf(run);
    const provenance = JSON.parse(readFileSync(join(moved, "provenance.json"), "utf8")) as object;
    writeFileSync(join(moved, "provenance.json"), JSON.stringify({ ...provenance, data: { sha256: "other" } }));
    expect((await refusalOf(evaluateRun({ run: moved, ...on }))).message).toContain(
      "not those that the run was trained on",
    );
    expect(existsSync(join(copy, "evaluations")) || existsSync(join(moved, "evaluations"))).toBe(false);
  });
});
