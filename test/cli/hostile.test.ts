/** Input that means harm, or seems to: through the real command line, the exact line, the exit code, and nothing lost. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildOnce, folderOf, SMALL, vaelab } from "./command.js";

const shared = mkdtempSync(join(tmpdir(), "vaelab-cli-hostile-"));
afterAll(() => rmSync(shared, { recursive: true, force: true }));
beforeAll(async () => {
  buildOnce();
  writeFileSync(join(shared, "small.json"), JSON.stringify(SMALL));
  const { code, stderr } = await vaelab(["run", "small.json", "--out", "done"], { cwd: shared });
  expect(code, stderr).toBe(0);
});

const PLUGIN = `
const fields = { x: { kind: "vector", shape: [3], support: "real" } };
const sizes = { train: 100, validation: 20, test: 20 };
const named = (name) => ({
  type: "object", title: name, required: ["type"], additionalProperties: false, properties: { type: { const: name } },
});
const row17 = (name, rows) =>
  Float32Array.from({ length: 3 * rows.length }, (_, i) => (name === "train" && rows[Math.floor(i / 3)] === 17 ? NaN : 0.5));
export default [
  { kind: "dataset", schema: named("holes"),
    inspect: () => ({ fields, modeled: "x", sizes }),
    create: () => ({ fields, modeled: "x", sizes, sha256: "0".repeat(64),
      split: (name) => ({ size: sizes[name], read: (rows) => ({ x: row17(name, rows) }) }) }) },
  { kind: "prior", schema: named("unlicensed"), capabilities: () => ["density"],
    create: () => { throw new Error("no license"); } },
  { kind: "prior", schema: named("booming"), capabilities: () => ["density"],
    create: () => ({ at: () => { throw new TypeError("boom"); } }) },
];
`;
const model = (fields: object) => ({ ...SMALL, model: { ...SMALL.model, ...fields } });
const plugged = { ...SMALL, plugins: ["./plugin.mjs"] };

describe("what only the data or the model can tell is refused before training, and leaves no folder", () => {
  test.each<[string, object, string]>([
    [
      "a NaN in the data",
      { ...plugged, data: "holes", model: { ...SMALL.model, likelihood: "gaussian" } },
      'data "holes"  the field "x" holds NaN in row 17 of the train split, at element 0. Remove the row, or fill the value in.',
    ],
    [
      "a layer that no machine holds",
      model({ encoder: { type: "mlp", hidden: [1e9] } }),
      'the parameter "encoder/dense-0/weights" would hold 784 x 1000000000 values, and 536870912 is the most. Make the part that it belongs to smaller.',
    ],
  ])("%s", async (_, spec, line) => {
    const folder = folderOf({ "a.json": spec, "plugin.mjs": PLUGIN });
    const { code, stdout, stderr } = await vaelab(["run", "a.json", "--out", "run"], { cwd: folder });
    const own = stderr.replace(/^loading the plugin .*\n/, "");
    expect({ code, stdout, stderr: own }).toEqual({ code: 2, stdout: "", stderr: `loading data\n${line}\n` });
    expect(existsSync(join(folder, "run"))).toBe(false);
  });
});

describe("a sweep ends with the code that a single run of the trial at fault would end with", () => {
  test("data that are damaged: before anything is written", async () => {
    const whole = { type: "gaussian", train: 256, validation: 64, test: 64 };
    const holes = { ...plugged, model: { ...SMALL.model, likelihood: "gaussian" } };
    const folder = folderOf({
      "a.json": { ...holes, sweep: { grid: { data: [whole, "holes"] }, seeds: [1] } },
      "plugin.mjs": PLUGIN,
    });
    const { code, stderr } = await vaelab(["run", "a.json", "--out", "sweep"], { cwd: folder });
    expect(stderr).toMatch(/^data "holes" {2}the field "x" holds NaN in row 17 /m);
    expect(code).toBe(2);
    expect(existsSync(join(folder, "sweep"))).toBe(false);
  });

  test.each(["1", "2"])("a trial that cannot be built, the others done, %s at once and when resumed", async (jobs) => {
    const sweep = { grid: { "model.encoder.hidden": [[4], [1e9]] }, seeds: [1] };
    const folder = folderOf({ "a.json": { ...model({ encoder: { type: "mlp" } }), sweep } });
    for (const command of [
      ["run", "a.json", "--out", "sweep"],
      ["resume", "sweep"],
    ]) {
      const { code, stderr } = await vaelab([...command, "--jobs", jobs], { cwd: folder });
      expect(stderr).toMatch(
        /1 of 2 trials failed, the first \(\w{12}\) with: the parameter "encoder\/dense-0\/weights" would hold 784 x 1000000000 values/,
      );
      expect(code).toBe(2);
    }
  });
});

describe("a plugin's component that throws is named", () => {
  test.each([
    [
      "while it is built",
      "unlicensed",
      /^\/model\/prior {2}the prior "unlicensed" throws while it is built: no license \(plugin\.mjs:\d+\)$/m,
    ],
    [
      "in a step",
      "booming",
      /^plugin\.mjs:\d+ {2}the plugin throws, in prior\/booming: TypeError: boom\. VAELAB_DEBUG=1 prints where from\.$/m,
    ],
  ])("%s", async (_, prior, line) => {
    const folder = folderOf({ "a.json": { ...plugged, model: { ...SMALL.model, prior } }, "plugin.mjs": PLUGIN });
    const { code, stderr } = await vaelab(["run", "a.json", "--out", "run"], { cwd: folder });
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(line);
    expect(stderr).not.toMatch(/\n {4}at |fault in vaelab/);
  });
});

describe("sizes beyond reason", () => {
  test.each<[string, string[], string]>([
    [
      "data",
      [
        "validate",
        "small.json",
        "--set",
        'data={"type":"gaussian","train":1000000000}',
        "--set",
        "model.likelihood=gaussian",
      ],
      '--set data={"type":"gaussian","train":1000000000}  /data  the three splits would hold 8000016000 values; the maximum is 100000000. Ask for fewer examples or dimensions.',
    ],
    [
      "epochs",
      ["validate", "small.json", "--set", "training.epochs=1e300"],
      "--set training.epochs=1e300  /training/epochs  should be at most 1000000, not 1e+300",
    ],
    [
      "threads",
      ["run", "small.json", "--threads", "99999"],
      "option '--threads <n>' argument '99999' is invalid. It must be a whole number from 1 to 1024. Run: vaelab run --help",
    ],
    [
      "samples",
      ["sample", "done", "--count", "1000000000", "--out", "many.npz"],
      "1000000000 rows of 784 values exceed the size of one file. Ask for at most 342392.",
    ],
  ])("%s", async (_, args, line) => {
    expect(await vaelab(args, { cwd: shared })).toMatchObject({ code: 2, stdout: "", stderr: `${line}\n` });
  });
  test("the name of a folder", async () => {
    const name = "x".repeat(300);
    expect(await vaelab(["run", "small.json", "--out", name], { cwd: shared })).toMatchObject({
      code: 2,
      stderr: `${join(shared, name)}  cannot write: the name is too long for the file system. Choose a shorter one.\n`,
    });
  });
});

test.each<[string, string[], string]>([
  [
    "a metric twice, whose figures would replace each other",
    ["validate", "small.json", "--add", 'evaluation.metrics={"type":"elbo","samples":3}'],
    '--add evaluation.metrics={"type":"elbo","samples":3}  /evaluation/metrics/1  the metric "elbo" is listed twice, also at /evaluation/metrics/0, and the figures of one would replace those of the other. Keep one of the two.',
  ],
  [
    "an empty name",
    ["run", "small.json", "--out", ""],
    'the argument after "--out" is empty. Leave it out, or give it a value.',
  ],
  ["a file for a run", ["resume", "small.json"], "small.json  this is a file, not the folder of a run or a sweep"],
  [
    "a spec to draw samples over",
    ["sample", "done", "--out", "small.json"],
    '"small.json" ends in .json. Write a picture to a .png, or arrays to an .npz.',
  ],
  [
    "more than a name",
    ["describe", "prior/vamp/x"],
    '"prior/vamp/x" is not a component. Use KIND/TYPE, as in prior/vamp; vaelab list shows all components.',
  ],
])("%s is refused", async (_, args, line) => {
  expect(await vaelab(args, { cwd: shared })).toMatchObject({ code: 2, stdout: "", stderr: `${line}\n` });
  expect(readFileSync(join(shared, "small.json"), "utf8")).toBe(JSON.stringify(SMALL));
});

test("an engine's folder that cannot be one", async () => {
  const { code, stderr } = await vaelab(["engine", "install"], { env: { VAELAB_ENGINE_DIR: "/dev/null" } });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^\/dev\/null {2}the engine's folder cannot be written to: .*Name a folder of your own in VAELAB_ENGINE_DIR$/m,
  );
});

describe("a finished run whose files were damaged", () => {
  const damaged = (damage: (run: string) => void): string => {
    const folder = folderOf();
    cpSync(join(shared, "done"), join(folder, "run"), { recursive: true });
    damage(join(folder, "run"));
    return folder;
  };
  const replace = (file: string, from: RegExp, to: string) => (run: string) =>
    writeFileSync(join(run, file), readFileSync(join(run, file), "utf8").replace(from, to));

  test.each<[string, (run: string) => void, string]>([
    [
      "another model",
      replace("resolved.json", /"latent": 2/, '"latent": 3'),
      "run  the checkpoint was made by another spec than resolved.json. Only training.epochs and training.earlyStopping may change. Put resolved.json back, or start a new run.",
    ],
    [
      "a spec that is none",
      replace("resolved.json", /"latent": 2/, '"latent": "x"'),
      'run/resolved.json  /model/latent  should be a whole number, not the text "x"',
    ],
    [
      "a list for a spec",
      replace("resolved.json", /^.*$/s, "[]"),
      "run/resolved.json  a spec is an object, not a list",
    ],
    [
      "no provenance",
      replace("provenance.json", /^.*$/s, "{}"),
      'run/provenance.json  "specFolder" does not say where the spec lay. Restore the original file.',
    ],
  ])("%s: refused", async (_, damage, line) => {
    const folder = damaged(damage);
    const { code, stderr } = await vaelab(["sample", "run", "--out", "a.png"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 2, stderr: `${join(folder, line)}\n` });
    expect(existsSync(join(folder, "a.png"))).toBe(false);
  });
  test("its pointers: the newest checkpoint still names the best", async () => {
    const folder = damaged((run) => {
      for (const name of ["LATEST", "BEST"]) writeFileSync(join(run, "checkpoints", name), "../../etc");
    });
    const [whole, mended] = [join(shared, "whole.png"), join(folder, "mended.png")];
    expect(await vaelab(["sample", "done", "--out", whole], { cwd: shared })).toMatchObject({ code: 0, stderr: "" });
    const { code, stderr } = await vaelab(["sample", "run", "--out", mended], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toContain(
      "the BEST pointer is damaged or missing: step 4 is taken, the best by the checkpoint of step 4",
    );
    expect(readFileSync(mended)).toEqual(readFileSync(whole));
  });
  test("no checkpoint left: it says that it begins again", async () => {
    const folder = damaged((run) => rmSync(join(run, "checkpoints"), { recursive: true }));
    const { code, stderr } = await vaelab(["resume", "run", "--epochs", "2"], { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^warning +no checkpoint is left: the run begins again$/m);
  });
});
