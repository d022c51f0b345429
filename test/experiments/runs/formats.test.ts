/**
 * Format versions of run and sweep folders: older ones are read, newer ones refused by name. The files of test/fixtures/format-1
 * have no numbers; the run of format-2 has two latents and was interrupted within its second epoch.
 */
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  encodeRun,
  evaluateRun,
  interpolateRun,
  reconstructRun,
  resumeFolder,
  runExperiment,
  sampleRun,
  traverseRun,
} from "../../../src/experiments/index.js";
import { compareFolders, writeReport } from "../../../src/report/index.js";
import { FORMAT } from "../../../src/storage/format.js";
import { readHistory } from "../../../src/storage/read-history.js";
import { decodeSafetensors } from "../../../src/storage/safetensors.js";
import { copyOf, newFolder, refusalOf, resumeIn, runIn, statusOf } from "../support/runs.js";

const FIXTURE = join(import.meta.dirname, "../../fixtures/format-1");
/** A copy of the fixture: table.csv, run, sweep. */
const oldFolders = (): { data: string; run: string; sweep: string } => {
  const data = dirname(newFolder());
  cpSync(FIXTURE, data, { recursive: true });
  return { data, run: join(data, "run"), sweep: join(data, "sweep") };
};

type Json = Record<string, unknown>;
const readJson = (path: string): Json => JSON.parse(readFileSync(path, "utf8")) as Json;
const linesOf = (path: string): Json[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Json);
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

describe("a folder of format 1, whose files have no number", () => {
  test("has none in this repository either", () => {
    for (const path of filesIn(FIXTURE, ".json").filter((path) => !path.endsWith("MANIFEST.json")))
      expect(readJson(path), path).not.toHaveProperty("format");
    for (const path of filesIn(FIXTURE, ".jsonl"))
      for (const line of linesOf(path)) expect(line, path).not.toHaveProperty("format");
  });
  test("is read by every command", async () => {
    const { run, sweep, data } = oldFolders();
    await writeReport(run);
    await sampleRun({ run, count: 4 });
    await reconstructRun({ run, count: 2 });
    await traverseRun({ run });
    await interpolateRun({ run, from: 0, to: 1, steps: 3 });
    await encodeRun({ run });
    await evaluateRun({ run });
    expect((await resumeFolder({ folder: run })).kind).toBe("run");
    expect(readFileSync(join(run, "report.html"), "utf8")).not.toContain("cannot be read");
    const other = oldFolders().run;
    compareFolders([run, other]);
    await resumeFolder({ folder: sweep, dataFolder: data });
    expect(linesOf(join(sweep, "plan.jsonl"))).toEqual(linesOf(join(FIXTURE, "sweep/plan.jsonl")));
    compareFolders([sweep, oldFolders().sweep]);
    expect(await runIn(join(run, "resolved.json"), { set: [`data.file=${join(data, "table.csv")}`] })).toBeTruthy();
  });
  test("goes on where it stopped, and its new files and lines have the number of today", async () => {
    const { run } = oldFolders();
    const before = readFileSync(join(run, "history.jsonl"), "utf8");
    await resumeIn(run, { epochs: 3 });
    expect(statusOf(run)).toMatchObject({ state: "finished", step: 9, format: FORMAT });
    expect(readFileSync(join(run, "history.jsonl"), "utf8").startsWith(before)).toBe(true);
    const added = linesOf(join(run, "history.jsonl")).slice(24);
    // The declaration of nine figures, then eight values of training and three of validation.
    expect(added[0]).toMatchObject({ format: FORMAT, figures: expect.any(Array) });
    expect(added.slice(1)).toHaveLength(10);
    for (const line of added.slice(1)) expect(line).toMatchObject({ format: FORMAT, step: 9 });
    const { figures, entries } = readHistory(join(run, "history.jsonl"));
    expect(figures).toEqual(added[0]!.figures);
    for (const epoch of [1, 2, 3]) expect(entries.filter((entry) => entry.epoch === epoch)).toHaveLength(10);
  });
  test.each(["tradeoff.json", "metrics.jsonl"])("and one that is older still, with a %s, is refused", async (name) => {
    const { run, sweep } = oldFolders();
    for (const folder of [run, sweep]) {
      renameSync(join(folder, "metrics.json"), join(folder, name));
      const works = [
        () => writeReport(folder),
        () => resumeFolder({ folder }),
        async () => compareFolders([folder, oldFolders().run]),
      ];
      for (const work of works) {
        const error = await refusalOf(work());
        expect(error).toMatchObject({ code: "FORMAT", exitCode: 2 });
        expect(error.problems).toEqual([
          {
            message: `${name} was written by a vaelab that is too old for this one to read`,
            where: folder,
            remedy: "Run its spec again, or use the vaelab that wrote it.",
          },
        ]);
      }
    }
    expect((await refusalOf(sampleRun({ run, count: 1 }))).code).toBe("FORMAT");
    const warm = { ...readJson(join(run, "spec.json")), data: { type: "codes", run } };
    expect((await refusalOf(runIn(warm as never))).message).toContain(name);
  });
});

describe("a run of format 2, whose history declares no figures", () => {
  const OLD = join(FIXTURE, "../format-2");
  test("goes on in mid-epoch to the weights and means of a run that never stopped", async () => {
    const parent = dirname(newFolder());
    cpSync(OLD, parent, { recursive: true });
    const run = join(parent, "run");
    const before = readFileSync(join(run, "history.jsonl"), "utf8");
    await resumeIn(run);
    const whole = await runIn(join(parent, "run/spec.json"), { set: [`data.file=${join(parent, "table.csv")}`] });
    // The first steps ran on another processor, whose last bits differ.
    const weights = "checkpoints/step-9/model.safetensors";
    const [resumed, straight] = [run, whole].map((folder) =>
      decodeSafetensors(readFileSync(join(folder, weights)), weights),
    );
    expect(Object.keys(resumed!)).toEqual(Object.keys(straight!));
    for (const [name, { data }] of Object.entries(straight!))
      for (const [i, value] of [...data].entries())
        expect(resumed![name]!.data[i], `${name}[${i}]`).toBeCloseTo(value, 5);
    const history = readFileSync(join(run, "history.jsonl"), "utf8");
    expect(history.startsWith(before)).toBe(true);
    const read = (folder: string) => {
      const { figures, entries } = readHistory(join(folder, "history.jsonl"));
      return { figures, entries: [...entries].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
    };
    const close = (entry: Json) => ({ ...entry, value: expect.closeTo(entry.value as number, 3) });
    const straightHistory = read(whole);
    expect(read(run)).toEqual({
      ...straightHistory,
      entries: straightHistory.entries.map((entry) => close({ ...entry })),
    });
    const kl = readHistory(join(run, "history.jsonl")).entries.filter(({ name }) => name.startsWith("kl"));
    expect(kl.map(({ epoch, name, dimension }) => [epoch, name, dimension])).toEqual(
      [1, 2, 3].flatMap((epoch) => [
        [epoch, "kl/z1", 0],
        [epoch, "kl/z1", 1],
        [epoch, "kl/z2", 0],
      ]),
    );
  });
});

const SPEC = {
  ...readJson(join(FIXTURE, "run/spec.json")),
  data: { type: "csv", file: join(FIXTURE, "table.csv"), label: "bird" },
};

describe("a folder that this version writes", () => {
  let run: string;
  let sweep: string;
  beforeAll(async () => {
    run = await runIn(SPEC as never);
    await evaluateRun({ run });
    sweep = await runIn({ ...SPEC, sweep: { seeds: [1, 2] } } as never, { jobs: 1 });
  });
  test("has the number in every JSON file and every line", () => {
    const files = [...filesIn(run, ".json"), ...filesIn(sweep, ".json")];
    expect(files.length).toBeGreaterThan(30);
    for (const path of files) expect(readJson(path), path).toHaveProperty("format", FORMAT);
    const logs = [...filesIn(run, ".jsonl"), ...filesIn(sweep, ".jsonl")];
    expect(logs).toHaveLength(4);
    for (const path of logs) for (const line of linesOf(path)) expect(line, path).toHaveProperty("format", FORMAT);
  });
  test("gives a spec that can be run again, to the same run", async () => {
    for (const name of ["spec.json", "resolved.json"]) {
      const again = await runIn(join(run, name));
      expect(readJson(join(again, "resolved.json"))).toEqual(readJson(join(run, "resolved.json")));
      const weights = "checkpoints/step-6/model.safetensors";
      expect(readFileSync(join(again, weights)).equals(readFileSync(join(run, weights)))).toBe(true);
    }
  });

  const NEWER = `written by a newer vaelab (format ${FORMAT + 1}; this one reads up to ${FORMAT})`;
  /** In the copy: the file says a newer format. */
  const renumber = (path: string, format: unknown = FORMAT + 1): void => {
    const text = readFileSync(path, "utf8");
    const now = new RegExp(`"format": ?${FORMAT}`);
    expect(text).toMatch(now);
    writeFileSync(path, text.replace(now, `"format":${JSON.stringify(format)}`));
  };
  /** A checkpoint of a newer version is whole: its manifest knows its state. */
  const renumberCheckpoint = (folder: string): void => {
    const [state, manifest] = [join(folder, "state.json"), join(folder, "MANIFEST.json")];
    const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
    const before = sha256(state);
    renumber(state);
    renumber(manifest);
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(before, sha256(state)));
  };
  const refused = async (where: string, works: readonly (() => Promise<unknown>)[]): Promise<void> => {
    for (const work of works) {
      const error = await refusalOf(work());
      expect(error, String(work)).toMatchObject({ code: "FORMAT", exitCode: 2 });
      expect(error.problems, String(work)).toEqual([{ message: NEWER, where, remedy: "Update vaelab." }]);
    }
  };
  type Works = (folder: string) => (() => Promise<unknown>)[];
  const report = (folder: string) => () => writeReport(folder);
  const compare = (folder: string, other: string) => async () => compareFolders([folder, other]);
  const resume = (folder: string, epochs?: number) => () => resumeIn(folder, epochs ? { epochs } : {});
  const sample = (run: string) => () => sampleRun({ run, count: 1 });
  const evaluated = (run: string) => () => evaluateRun({ run });

  const ofRun: [string, Works][] = [
    ["resolved.json", (at) => [report(at), compare(at, run), resume(at, 3), sample(at), evaluated(at)]],
    ["provenance.json", (at) => [report(at), compare(at, run), resume(at, 3), sample(at), evaluated(at)]],
    ["status.json", (at) => [report(at), resume(at), evaluated(at)]],
    ["metrics.json", (at) => [report(at), compare(at, run), resume(at)]],
    ["samples/layout.json", (at) => [report(at)]],
    ["evaluations/1/metrics.json", (at) => [report(at)]],
    ["spec.json", (at) => [() => runExperiment({ spec: join(at, "spec.json"), out: newFolder() })]],
  ];
  test.each(ofRun)("with a newer %s in a run is refused", async (name, works) => {
    const folder = copyOf(run);
    renumber(join(folder, name));
    const path = join(folder, name);
    await refused(name === "spec.json" ? `${path}:2` : path, works(folder));
  });
  test("with a newer line of its history is refused", async () => {
    const folder = copyOf(run);
    renumber(join(folder, "history.jsonl"));
    await refused(`${join(folder, "history.jsonl")}:1`, [report(folder)]);
  });
  test("with a newer checkpoint is refused, and no older checkpoint is taken for it", async () => {
    const folder = copyOf(run);
    renumberCheckpoint(join(folder, "checkpoints/step-6"));
    await refused(join(folder, "checkpoints/step-6"), [sample(folder), evaluated(folder), resume(folder, 3)]);
  });
  test("with a number in the manifest alone is damaged, and the checkpoint before it is taken", async () => {
    const folder = copyOf(run);
    renumber(join(folder, "checkpoints/step-6/MANIFEST.json"));
    expect((await refusalOf(sampleRun({ run: folder, count: 1 }))).message).toContain("MANIFEST.json is damaged");
    await resumeIn(folder, { epochs: 3 });
    const weights = "checkpoints/step-9/model.safetensors";
    const whole = await runIn({ ...SPEC, training: { epochs: 3, batchSize: 16 } } as never);
    expect(readFileSync(join(folder, weights)).equals(readFileSync(join(whole, weights)))).toBe(true);
    expect(readFileSync(join(folder, "history.jsonl")).equals(readFileSync(join(whole, "history.jsonl")))).toBe(true);
  });

  const ofSweep: [string, Works][] = [
    ["sweep.json", (at) => [report(at), resume(at)]],
    ["metrics.json", (at) => [report(at), compare(at, sweep)]],
  ];
  test.each(ofSweep)("with a newer %s in a sweep is refused", async (name, works) => {
    const folder = copyOf(sweep);
    renumber(join(folder, name));
    await refused(join(folder, name), works(folder));
  });
  test("with a newer plan is refused", async () => {
    const folder = copyOf(sweep);
    renumber(join(folder, "plan.jsonl"));
    await refused(`${join(folder, "plan.jsonl")}:1`, [report(folder), resume(folder)]);
  });
  test("with a newer trial in a sweep is refused", async () => {
    const folder = copyOf(sweep);
    const [status] = filesIn(join(folder, "trials"), "status.json");
    renumber(status!);
    await refused(status!, [report(folder), resume(folder)]);
  });
  test.each([0, -1, 1.5, "2", null])("with the format %j is damaged, not newer", async (format) => {
    const folder = copyOf(run);
    renumber(join(folder, "resolved.json"), format);
    const error = await refusalOf(sampleRun({ run: folder, count: 1 }));
    expect(error.code).toBe("RUN_FOLDER");
    expect(error.problems[0]).toMatchObject({
      message: `invalid format version: ${JSON.stringify(format)}`,
      where: join(folder, "resolved.json"),
    });
  });
  test("is refused as the start of another run where it is newer", async () => {
    const folder = copyOf(run);
    renumber(join(folder, "resolved.json"));
    const error = await refusalOf(runIn({ ...SPEC, data: { type: "codes", run: folder } } as never));
    expect(error.message).toContain(NEWER);
  });
});
