/** validate, config, plan, list and describe: what is known before a tensor library is loaded. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/contracts/kinds.js";
import * as priors from "../../src/priors/index.js";
import { typeOf } from "../../src/spec/define.js";
import { root } from "../structure/rooms.js";
import { folderOf, SMALL, vaelab } from "./command.js";

const SWEEP = { ...SMALL, sweep: { grid: { "objective.beta": [0.5, 2] }, seeds: [1, 2, 3] } };
const PLUGIN = `
export default [{
  kind: "schedule",
  schema: {
    type: "object", title: "a step", required: ["type"], additionalProperties: false,
    properties: { type: { const: "step-up" }, at: { type: "integer", minimum: 0, default: 5, description: "when it rises" } },
  },
  create: ({ at }) => ({ at: (step) => (step < at ? 0 : 1), final: 1, end: at }),
}];
`;

/** As errors list them. */
const PRIORS = Object.values(priors).map(typeOf).sort().join(", ");

/** What `validate` shows of the data of these specs. */
const DATA = `  image (modeled)  image of 28 x 28 x 1, binary values
  label  label, 10 classes: 0 to 9
  256 examples to train on, 64 for validation, 64 for test
`;

describe("validate", () => {
  test("says of each good spec what it would run", async () => {
    const folder = folderOf({ "a.json": SMALL, "b.json": SWEEP });
    const { code, stdout, stderr } = await vaelab(["validate", "a.json", "b.json"], { cwd: folder });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stderr: "",
      stdout: `a.json  valid, one run\n${DATA}b.json  valid, a sweep of 6 trials\n${DATA}`,
    });
  });
  test("reports every error of every spec, with its line, and still what is valid", async () => {
    const folder = folderOf({
      "bad.json": `{\n  "name": "bad",\n  "data": "digits",\n  "model": {\n    "latent": 0,\n    "encoder": "mlp",\n    "prior": { "type": "vampp" }\n  }\n}\n`,
      "good.json": SMALL,
      "worse.json": `{ "name": "worse" `,
    });
    const { code, stdout, stderr } = await vaelab(["validate", "bad.json", "good.json", "worse.json"], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout).toBe(`good.json  valid, one run\n${DATA}`);
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^bad\.json:5 {2}\/model\/latent /);
    expect(lines[1]).toBe(
      `bad.json:7  /model/prior/type  unknown prior "vampp". Did you mean "vamp"? Known: ${PRIORS}`,
    );
    expect(lines[2]).toMatch(/^worse\.json:1:\d+ /);
  });
  test("applies --set and --add, and says which flag is wrong", async () => {
    const folder = folderOf({ "a.json": SMALL });
    const good = await vaelab(
      ["validate", "a.json", "--set", "model.latent=8", "--add", "evaluation.metrics=active-units"],
      { cwd: folder },
    );
    expect(good).toMatchObject({ code: 0, stderr: "" });
    const bad = await vaelab(["validate", "a.json", "--set", "model.latnet=8"], { cwd: folder });
    expect(bad.code).toBe(2);
    expect(bad.stderr).toMatch(/--set model\.latnet=8.*"latent"/);
  });
  test("with --json a line a spec and a line a problem", async () => {
    const folder = folderOf({ "a.json": SMALL, "b.json": { ...SMALL, seed: -1 } });
    const { code, records } = await vaelab(["validate", "a.json", "b.json", "--json"], { cwd: folder });
    expect(code).toBe(2);
    expect(records()).toMatchObject([
      { type: "spec", file: "a.json", valid: true, trials: 1 },
      { type: "error", code: "SPEC_INVALID", where: expect.stringMatching(/^b\.json:\d+ {2}\/seed$/) },
    ]);
  });
});

describe("config", () => {
  test("prints the spec with every default, and takes what it prints", async () => {
    const folder = folderOf({ "a.json": SMALL });
    const { code, stdout } = await vaelab(["config", "a.json"], { cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      seed: 1,
      model: { prior: { type: "gaussian" }, posterior: { type: "diagonal-gaussian" } },
    });
    writeFileSync(join(folder, "b.json"), stdout);
    expect((await vaelab(["config", "b.json"], { cwd: folder })).stdout).toBe(stdout);
  });
  test("--origin says which line or flag each value came from", async () => {
    const folder = folderOf({ "a.json": SMALL });
    const { stdout } = await vaelab(["config", "a.json", "--origin", "--set", "seed=7"], { cwd: folder });
    const rows = Object.fromEntries(
      stdout
        .split("\n")
        .map((line) => line.split(/ {2,}/))
        .map(([pointer, ...rest]) => [pointer, rest]),
    );
    expect(rows["/seed"]).toEqual(["7", "--set seed=7"]);
    expect(rows["/name"]).toEqual(['"small"', "a.json:2"]);
    expect(rows["/model/prior/type"]).toEqual(['"gaussian"', "default"]);
    expect(rows["/model/encoder/hidden"]).toEqual(["[16]", "a.json:13"]);
  });
});

describe("plan", () => {
  test("lists every trial with its steps: 4 batches of 64 an epoch", async () => {
    const folder = folderOf({ "a.json": SWEEP });
    const { code, stdout } = await vaelab(["plan", "a.json", "--set", "training.epochs=3"], { cwd: folder });
    expect(code).toBe(0);
    const rows = stdout
      .split("\n")
      .filter((line) => /^[0-9a-f]{12} /.test(line))
      .map((line) => line.split(/ +/).slice(1));
    expect(rows).toEqual(["0.5", "2"].flatMap((beta) => ["1", "2", "3"].map((seed) => [beta, seed, "3", "12"])));
    expect(stdout).toContain("6 trials, 72 training steps in all");
  });
  test("with --json a line a trial, and the sum", async () => {
    const folder = folderOf({ "a.json": SWEEP });
    const { records } = await vaelab(["plan", "a.json", "--json"], { cwd: folder });
    const all = records();
    expect(all).toHaveLength(7);
    expect(all[0]).toMatchObject({ type: "trial", choices: { "objective.beta": 0.5, seed: 1 }, seed: 1, steps: 4 });
    expect(new Set(all.map(({ id }) => id)).size).toBe(7);
    expect(all[6]).toEqual({ type: "plan", name: "small", trials: 6, steps: 24 });
  });
});

describe("list and describe", () => {
  test("every kind has a component, and every component can be described", async () => {
    const { code, records } = await vaelab(["list", "--json"]);
    expect(code).toBe(0);
    const components = records().map(({ kind, name }) => `${kind}/${name}`);
    expect(new Set(records().map(({ kind }) => kind))).toEqual(new Set(KINDS));
    for (const each of await Promise.all(components.map((name) => vaelab(["describe", name])))) {
      expect(each).toMatchObject({ code: 0, stderr: "" });
      expect(each.stdout).toMatch(/^Source: +\S/m);
    }
  });
  test("one kind alone", async () => {
    const { stdout } = await vaelab(["list", "prior"]);
    expect(stdout).toMatch(/^prior +vamp /m);
    expect(stdout).not.toMatch(/^encoder/m);
  });
  test("describe prints types, defaults, meaning, capabilities and source", async () => {
    const { stdout } = await vaelab(["describe", "prior/vamp"]);
    expect(stdout).toMatch(/^components +integer ≥ 1 +default \d+ +\S/m);
    expect(stdout).toMatch(/^Capabilities: +density, encodes$/m);
    expect(stdout).toMatch(/^Source: +Tomczak & Welling 2018/m);
  });
  test("a plugin's components are listed beside the built-in ones", async () => {
    const folder = folderOf({ "step-up.mjs": PLUGIN });
    const listed = await vaelab(["list", "schedule", "--plugin", "step-up.mjs"], { cwd: folder });
    expect(listed.stdout).toMatch(/^schedule +linear .* vaelab$/m);
    expect(listed.stdout).toMatch(/^schedule +step-up +a step +step-up\.mjs$/m);
    const described = await vaelab(["describe", "schedule/step-up", "--plugin", "step-up.mjs"], { cwd: folder });
    expect(described.stdout).toMatch(/^at +integer ≥ 0 +default 5 +when it rises$/m);
    expect(await vaelab(["describe", "schedule/step-up"])).toMatchObject({ code: 2 });
  });
  test.each([
    ["describe", "prior/vampp", `unknown prior "vampp". Did you mean "vamp"? Known: ${PRIORS}\n`],
    ["describe", "priro/vamp", /^unknown kind "priro"\. Did you mean "prior"\?/],
    ["describe", "vamp", '"vamp" is not a component. Did you mean prior/vamp?\n'],
    ["describe", "gaussian", /Did you mean dataset\/gaussian or prior\/gaussian or likelihood\/gaussian\?/],
    ["describe", "metric", /^"metric" is not a component\. Use KIND\/TYPE, .*; vaelab list metric shows those/],
    ["describe", "vaamp", /^"vaamp" is not a component\. Use KIND\/TYPE/],
    ["list", "priors", /^command-argument value 'priors' is invalid/],
  ])("%s %s is refused with what would be right", async (command, name, message) => {
    const { code, stdout, stderr } = await vaelab([command, name], { cwd: root });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    if (typeof message === "string") expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
  });
  test("a plugin that is not there is named", async () => {
    const folder = folderOf();
    const { code, stderr } = await vaelab(["list", "--plugin", "./none.mjs"], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--plugin \.\/none\.mjs.*none\.mjs does not exist/);
  });
});
