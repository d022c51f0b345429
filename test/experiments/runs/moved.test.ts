/** A run whose data, spec or own folder lie elsewhere than when it was trained. */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  encodeRun,
  evaluateRun,
  interpolateRun,
  reconstructRun,
  resumeFolder,
} from "../../../src/experiments/index.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { decodeNpz } from "../../../src/storage/npz.js";
import { buildOnce } from "../../cli/command.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { newFolder, refusalOf, runIn, statusOf } from "../support/runs.js";

const SPEC = {
  name: "moved",
  data: { type: "csv", file: "tables/x.csv", label: "bird" },
  model: { latent: 1, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
  objective: { type: "elbo", beta: 1 },
  training: { epochs: 1, batchSize: 16 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
} satisfies ExperimentSpec;
const REMEDY = "Give the current folder of the data: --data-folder DIR";

const writeTable = (file: string, factor = 1): void => {
  mkdirSync(dirname(file), { recursive: true });
  const birds = ["wren", "auk", "owl"];
  const rows = Array.from({ length: 60 }, (_, i) => `${factor * (i % 7)},${(i * i) % 5},${birds[i % 3]}`);
  writeFileSync(file, ["u,v,bird", ...rows].join("\n"));
};

interface Project {
  folder: string;
  run: string;
}
/** project/{spec.json, tables/x.csv, runs/a}, as vaelab run lays it out. */
const project = async (spec: ExperimentSpec = SPEC): Promise<Project> => {
  const folder = join(dirname(newFolder()), "project");
  writeTable(join(folder, "tables", "x.csv"));
  writeFileSync(join(folder, "spec.json"), JSON.stringify(spec));
  const run = join(folder, "runs", "a");
  await runIn(join(folder, "spec.json"), {}, run);
  return { folder, run };
};
const codesIn = (file: string): number[] => {
  const { mean } = decodeNpz(readFileSync(file), file);
  return mean && "data" in mean ? Array.from(mean.data, Number) : [];
};

let original: Project;
let codes: number[];
beforeAll(async () => {
  original = await project();
  codes = codesIn((await encodeRun({ run: original.run, out: join(original.folder, "codes.npz") })).file);
});
/** A copy whose original place is gone, as far as the copy knows. */
const copied = (): Project => {
  const above = dirname(newFolder());
  const folder = join(above, "project");
  cpSync(original.folder, folder, { recursive: true });
  const path = join(folder, "runs", "a", "provenance.json");
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(original.folder, join(above, "gone")));
  return { folder, run: join(folder, "runs", "a") };
};
/** The same, with its data moved away as well. */
const withDataAt = (place: string): Project & { data: string } => {
  const moved = copied();
  const data = join(moved.folder, "..", place);
  mkdirSync(dirname(data), { recursive: true });
  renameSync(join(moved.folder, "tables"), data);
  return { ...moved, data };
};

describe("a run that was moved with its spec and its data", () => {
  test("finds them from its own folder", async () => {
    const { run } = copied();
    expect(codesIn((await encodeRun({ run })).file)).toEqual(codes);
  });
});

describe("a run whose data were moved", () => {
  const needing: [string, (run: string, dataFolder?: string) => Promise<unknown>][] = [
    ["encode", (run, dataFolder) => encodeRun({ run, ...(dataFolder && { dataFolder }) })],
    ["reconstruct", (run, dataFolder) => reconstructRun({ run, count: 2, ...(dataFolder && { dataFolder }) })],
    [
      "interpolate",
      (run, dataFolder) =>
        interpolateRun({ run, from: 0, to: 1, steps: 3, split: "train", ...(dataFolder && { dataFolder }) }),
    ],
    ["evaluate", (run, dataFolder) => evaluateRun({ run, ...(dataFolder && { dataFolder }) })],
    ["resume", (run, dataFolder) => resumeFolder({ folder: run, epochs: 2, ...(dataFolder && { dataFolder }) })],
  ];
  test.each(needing)("%s names the folder that was searched and the flag, and works with it", async (_, work) => {
    const { folder, run, data } = withDataAt("data");
    const before = bytesOf(run);
    const error = await refusalOf(work(run));
    expect(error.exitCode).toBe(2);
    expect(error.problems).toEqual([
      {
        where: `${join(run, "resolved.json")}  /data`,
        message: `tables/x.csv: there is no such file in ${folder}`,
        remedy: REMEDY,
      },
    ]);
    expect(differencesBetween(before, bytesOf(run))).toEqual([]);
    await work(run, data);
  });
  test("are found by their path from there, or by their name alone", async () => {
    const byPath = withDataAt("data/tables");
    expect(codesIn((await encodeRun({ run: byPath.run, dataFolder: dirname(byPath.data) })).file)).toEqual(codes);
    const byName = withDataAt("data");
    expect(codesIn((await encodeRun({ run: byName.run, dataFolder: byName.data })).file)).toEqual(codes);
  });
  test("a finished run that is resumed needs none", async () => {
    const { run } = withDataAt("data");
    await resumeFolder({ folder: run });
  });
  test("is refused with other data, which lie in the folder that was named", async () => {
    const { run, data } = withDataAt("data");
    writeTable(join(data, "x.csv"), 2);
    for (const work of [
      () => encodeRun({ run, dataFolder: data }),
      () => resumeFolder({ folder: run, epochs: 2, dataFolder: data }),
    ]) {
      const error = await refusalOf(work());
      expect(error).toMatchObject({ code: "RUN_FOLDER", exitCode: 2 });
      expect(error.problems[0]!.message).toBe(`the data in ${data} are not those that the run was trained on`);
    }
    expect(statusOf(run)).toMatchObject({ state: "finished", step: 3 });
  });
  test("is refused where the folder does not exist, or holds none of them", async () => {
    const { run, folder } = withDataAt("data");
    writeFileSync(join(folder, "file"), "");
    const below = join(folder, "file", "below");
    expect((await refusalOf(encodeRun({ run, dataFolder: below }))).problems).toEqual([
      { where: `--data-folder ${below}`, message: "there is no such folder" },
    ]);
    const nowhere = join(folder, "nowhere");
    expect((await refusalOf(encodeRun({ run, dataFolder: nowhere }))).problems).toEqual([
      { where: `--data-folder ${nowhere}`, message: "there is no such folder" },
    ]);
    const empty = join(folder, "runs");
    expect((await refusalOf(encodeRun({ run, dataFolder: empty }))).problems[0]!.message).toBe(
      `tables/x.csv: there is no such file in ${empty}`,
    );
  });
  test("is told once: a run that was resumed knows where they are", async () => {
    const { run, data } = withDataAt("data");
    await resumeFolder({ folder: run, epochs: 2, dataFolder: data });
    await encodeRun({ run });
    expect(JSON.parse(readFileSync(join(run, "provenance.json"), "utf8"))).toMatchObject({ dataFolder: data });
  });
});

describe("data whose spec names them by an absolute path", () => {
  test("are found by their name in the folder that is named", async () => {
    const data = dirname(newFolder());
    writeTable(join(data, "x.csv"));
    const run = await runIn({ ...SPEC, data: { ...SPEC.data, file: join(data, "x.csv") } });
    const elsewhere = dirname(newFolder());
    renameSync(join(data, "x.csv"), join(elsewhere, "x.csv"));
    expect((await refusalOf(encodeRun({ run }))).problems[0]).toMatchObject({
      message: `${join(data, "x.csv")}: there is no such file`,
      remedy: REMEDY,
    });
    await encodeRun({ run, dataFolder: elsewhere });
  });
});

describe("a sweep whose data were moved", () => {
  // Its trials run in processes of the built package.
  beforeAll(buildOnce);
  test("goes on with them where it is told, in other processes too", async () => {
    const folder = join(dirname(newFolder()), "project");
    writeTable(join(folder, "tables", "x.csv"));
    const spec = { ...SPEC, sweep: { seeds: [1, 2] } };
    writeFileSync(join(folder, "spec.json"), JSON.stringify(spec));
    const sweep = join(folder, "sweep");
    await runIn(join(folder, "spec.json"), {}, sweep);
    rmSync(join(sweep, "trials"), { recursive: true });
    renameSync(join(folder, "tables"), join(folder, "data"));
    expect((await refusalOf(resumeFolder({ folder: sweep }))).problems[0]!.message).toBe(
      `tables/x.csv: there is no such file in ${folder}`,
    );
    await resumeFolder({ folder: sweep, dataFolder: join(folder, "data"), jobs: 2 });
    expect(existsSync(join(sweep, "report.html"))).toBe(true);
  });
});

describe("a run that started from another", () => {
  const others: [string, (first: string) => ExperimentSpec][] = [
    ["its codes", (run) => ({ ...SPEC, data: { type: "codes", run } })],
    [
      "its weights",
      (run) => ({
        ...SPEC,
        data: { ...SPEC.data, file: join(run, "..", "..", "tables", "x.csv") },
        warmStart: { run },
      }),
    ],
  ];
  test.each(others)("and took %s needs it no longer where it was", async (_, specOf) => {
    const first = await project();
    const run = await runIn(specOf(first.run));
    const before = codesIn((await encodeRun({ run })).file);
    const above = dirname(newFolder());
    for (const part of ["tables", "runs/a"])
      renameSync(join(first.folder, part), join(above, part.replace("runs/", "")));
    renameSync(join(above, "tables", "x.csv"), join(above, "x.csv"));
    expect((await refusalOf(encodeRun({ run }))).problems[0]!.remedy).toBe(REMEDY);
    expect(codesIn((await encodeRun({ run, dataFolder: above })).file)).toEqual(before);
    await resumeFolder({ folder: run, epochs: 2, dataFolder: above });
    expect(statusOf(run).step).toBe(6);
  });
});
