/** Finished runs whose data are gone: what needs no examples gives the same bytes as before, and the rest names the missing path. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import {
  encodeRun,
  evaluateRun,
  interpolateRun,
  reconstructRun,
  resumeFolder,
  sampleRun,
  traverseRun,
} from "../../../src/experiments/index.js";
import { writeReport } from "../../../src/report/index.js";
import { encodeNpy } from "../../../src/storage/npy.js";
import { decodeNpz } from "../../../src/storage/npz.js";
import { newFolder, refusalOf, runIn } from "../support/runs.js";

const BIRDS = ["wren", "auk", "owl"];
const COUNT = 60;
const pixel = (i: number, k: number): number => (37 * i + 11 * k * k + i * k) % 256;

const writeTable = (data: string): void => {
  const rows = Array.from({ length: COUNT }, (_, i) => `${i % 7},${(i * i) % 5},${BIRDS[i % 3]}`);
  writeFileSync(join(data, "x.csv"), ["u,v,bird", ...rows].join("\n"));
};
const writeImages = (data: string): void => {
  for (const bird of BIRDS) mkdirSync(join(data, "x", bird), { recursive: true });
  for (let i = 0; i < COUNT; i++) {
    const pixels = Uint8Array.from({ length: 16 }, (_, k) => pixel(i, k));
    const png = encode({ width: 4, height: 4, channels: 1, depth: 8, data: pixels });
    writeFileSync(join(data, "x", BIRDS[i % 3]!, `${i}.png`), png);
  }
};
/** Real values: which of them are drawn black and white is known from the training split alone. */
const writeReal = (data: string): void => {
  const values = Float32Array.from({ length: COUNT * 16 }, (_, j) => pixel(Math.floor(j / 16), j % 16) / 20 - 3);
  writeFileSync(join(data, "x.npy"), encodeNpy({ shape: [COUNT, 4, 4, 1], data: values }));
};

interface Case {
  write(data: string): void;
  data: Record<string, unknown>;
  model?: Record<string, unknown>;
  given?: string[];
  path: string;
}
const CASES: Record<string, Case> = {
  "a csv": { write: writeTable, data: { type: "csv", file: "data/x.csv", label: "bird" }, path: "data/x.csv" },
  "a csv, conditional": {
    write: writeTable,
    data: { type: "csv", file: "data/x.csv", label: "bird" },
    model: { heads: ["conditional"], prior: { type: "vamp", components: 5 } },
    given: ["label=owl"],
    path: "data/x.csv",
  },
  "a csv, with a label as a latent": {
    write: writeTable,
    data: { type: "csv", file: "data/x.csv", label: "bird" },
    model: { latents: { y: { observed: "label" }, z: { size: 2, inferredFrom: ["data", "y"] } } },
    given: ["label=owl"],
    path: "data/x.csv",
  },
  "an image folder": {
    write: writeImages,
    data: { type: "image-folder", folder: "data/x" },
    model: { heads: ["conditional"] },
    given: ["label=auk"],
    path: "data/x",
  },
  "an npy of real images": { write: writeReal, data: { type: "npy", values: "data/x.npy" }, path: "data/x.npy" },
};

/** What the commands that need no examples write, by name. */
const written = async (run: string, given: string[]): Promise<Record<string, Buffer>> => {
  const out = newFolder();
  mkdirSync(out);
  const [row, array] = [{ run, split: "test" } as const, (name: string) => join(out, `${name}.npz`)];
  const files = [
    ...(await sampleRun({ run, count: 6, out: join(out, "drawn") })).files,
    ...(await sampleRun({ run, count: 6, seed: 5, out: array("sample") })).files,
    ...(await sampleRun({ run, count: 6, given, means: true, out: array("given") })).files,
    ...(await traverseRun({ ...row, index: 2, out: join(out, "rows") })).files,
    ...(await traverseRun({ ...row, index: 2, dimensions: [0], steps: 3, out: array("traverse") })).files,
    ...(await interpolateRun({ ...row, from: 0, to: 3, steps: 4, out: join(out, "way") })).files,
    ...(await interpolateRun({ ...row, from: 3, to: 0, steps: 4, walk: "slerp", out: array("between") })).files,
    await writeReport(run),
  ];
  return Object.fromEntries(
    files.map((file) => [file.replace(`${out}/`, "").replace(`${run}/`, ""), readFileSync(file)]),
  );
};

describe.each(Object.entries(CASES))("a run on %s that is gone", (_, { write, data, model = {}, given = [], path }) => {
  test("samples, walks and is reported as before; what needs examples names the path and the flag", async () => {
    const project = dirname(newFolder());
    mkdirSync(join(project, "data"));
    write(join(project, "data"));
    const spec = {
      name: "gone",
      data,
      model: {
        ...(model.latents === undefined && { latent: 2 }),
        encoder: { type: "mlp", hidden: [4] },
        likelihood: "gaussian",
        ...model,
      },
      training: { epochs: 1, batchSize: 16 },
      evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
    };
    writeFileSync(join(project, "spec.json"), JSON.stringify(spec));
    const run = await runIn(join(project, "spec.json"), {}, join(project, "run"));
    const before = await written(run, given);
    expect(Object.keys(before)).toHaveLength(8);
    rmSync(join(project, "data"), { recursive: true });
    expect(await written(run, given)).toEqual(before);

    const needing = [
      () => encodeRun({ run }),
      () => evaluateRun({ run }),
      () => reconstructRun({ run, count: 2 }),
      () => resumeFolder({ folder: run, epochs: 2 }),
      () => traverseRun({ run, split: "train" }),
      () => interpolateRun({ run, split: "validation", from: 0, to: 1, steps: 3 }),
    ];
    for (const work of needing) {
      const error = await refusalOf(work());
      expect(error.exitCode, `${work}: ${error.message}`).toBe(2);
      expect(error.message, String(work)).toContain(path);
      expect(error.message, String(work)).toContain("--data-folder");
    }
  });
});

test("the codes of the scored split are what encode gives, with the conditions beside them", async () => {
  const project = dirname(newFolder());
  writeTable(project);
  const run = await runIn({
    name: "codes",
    data: { type: "csv", file: join(project, "x.csv"), label: "bird" },
    model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian", heads: ["conditional"] },
    training: { epochs: 1, batchSize: 16 },
    evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
  } as never);
  const arraysIn = (file: string) => decodeNpz(readFileSync(file), file) as Record<string, { data: Float32Array }>;
  const encoded = arraysIn((await encodeRun({ run })).file);
  const kept = arraysIn(join(run, "samples/latents.npz"));
  expect(Array.from(kept.codes!.data)).toEqual(Array.from(encoded.mean!.data));
  expect(Array.from(kept["conditions/label"]!.data, Number)).toEqual(Array.from(encoded.label!.data, Number));
});
