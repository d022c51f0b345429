/** Plugins: found from the file that names them, checked, in a scope of their own; and what is said when they are not. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { VaelabError } from "../../../src/errors.js";
import { planTrials } from "../../../src/registry/planning/trials.js";
import { catalogue, least } from "../support/definitions.js";
import { prior, using } from "../support/plugin-sources.js";
import { refusalOf, workspace } from "../support/workspace.js";

describe("a plugin's component", () => {
  test("is named, checked and filled like a built-in, in that experiment alone", async () => {
    const place = workspace({
      "a.json": using("./plugins/laplace.mjs"),
      "plugins/laplace.mjs": `export default [${prior("laplace")}];`,
    });
    const { spec, catalogue: scope, plugins } = await place.load("a.json");
    expect(spec.model.prior).toEqual({ type: "laplace", scale: 2 });
    expect(scope.names("prior")).toEqual(["gaussian", "gaussian-mixture", "laplace", "tempered"]);
    expect(scope.sourceOf("prior", "laplace")).toBe(place.path("plugins/laplace.mjs"));
    expect(catalogue.names("prior")).not.toContain("laplace");
    const sha256 = createHash("sha256")
      .update(`export default [${prior("laplace")}];`)
      .digest("hex");
    expect(plugins).toEqual([
      { name: place.path("plugins/laplace.mjs"), file: place.path("plugins/laplace.mjs"), sha256 },
    ]);
    expect(spec.plugins).toEqual([place.path("plugins/laplace.mjs")]);
  });

  test("has its own fields checked, from a flag too", async () => {
    const place = workspace({
      "a.json": using("./laplace.mjs"),
      "laplace.mjs": `export const definitions = [${prior("laplace")}];`,
    });
    expect((await place.load("a.json", { set: ["model.prior.scale=3"] })).spec.model.prior).toEqual({
      type: "laplace",
      scale: 3,
    });
    expect(await place.refusal("a.json", { set: ["model.prior.scael=3"] })).toEqual([
      "SPEC_FLAG",
      '--set model.prior.scael=3  "model.prior" has no field "scael". Did you mean "scale"? Known: scale',
    ]);
  });

  test("is found from the base file that names it; lists of plugins add up", async () => {
    const files = {
      "base/base.json": using("./one.mjs", "one"),
      "base/one.mjs": `export default [${prior("one")}];`,
      "two.mjs": `export default [${prior("two")}];`,
      "a.json": { extends: "base/base.json", plugins: ["./two.mjs", "./base/one.mjs"], model: { prior: "two" } },
    };
    const { catalogue: scope } = await workspace(files).load("a.json");
    expect(scope.names("prior")).toEqual(["gaussian", "gaussian-mixture", "one", "tempered", "two"]);
  });

  test("comes from a package by its name, through its exports", async () => {
    const files = {
      "a.json": using("vae-plugin", "packaged"),
      "b.json": using("@lab/old", "old"),
      "c.json": using("@lab/old/extra.js", "extra"),
      "node_modules/vae-plugin/package.json": {
        name: "vae-plugin",
        type: "module",
        exports: { ".": { types: "./x.d.ts", require: "./no.cjs", import: "./yes.js" } },
      },
      "node_modules/vae-plugin/yes.js": `export default [${prior("packaged")}];`,
      "node_modules/@lab/old/package.json": { name: "@lab/old", type: "module", main: "main.js" },
      "node_modules/@lab/old/main.js": `export default [${prior("old")}];`,
      "node_modules/@lab/old/extra.js": `export default [${prior("extra")}];`,
    };
    const place = workspace(files);
    for (const name of ["a.json", "b.json", "c.json"]) await place.load(name);
    expect((await place.load("a.json")).spec.plugins).toEqual(["vae-plugin"]);
  });

  test("can be added by a flag, from the working folder", async () => {
    const place = workspace({ "a.json": least, "laplace.mjs": `export default [${prior("laplace")}];` });
    const { spec } = await place.load("a.json", {
      add: [`plugins=${place.path("laplace.mjs")}`],
      set: ["model.prior=laplace"],
    });
    expect(spec.model.prior).toEqual({ type: "laplace", scale: 2 });
  });

  test("changes the trial's id when its file changes, not when it moves", async () => {
    const idOf = async (file: string, code: string) =>
      planTrials(await workspace({ "a.json": using(`./${file}`), [file]: code }).load("a.json"))[0]!.id;
    const id = await idOf("one.mjs", `export default [${prior("laplace")}];`);
    expect(await idOf("other.mjs", `export default [${prior("laplace")}];`)).toBe(id);
    expect(await idOf("one.mjs", `export default [${prior("laplace")}]; // changed`)).not.toBe(id);
  });
});

test.each<[string, string | undefined, string]>([
  ["a file that is not there", undefined, "a.json:10  /plugins/0  the plugin plugin.mjs does not exist"],
  [
    "one that throws",
    'throw new Error("no license");',
    "a.json:10  /plugins/0  the plugin plugin.mjs throws while it is loaded: no license (plugin.mjs:1)",
  ],
  [
    "one that throws what is no error",
    'throw "no license";',
    "a.json:10  /plugins/0  the plugin plugin.mjs throws while it is loaded: no license",
  ],
  [
    "one without a list",
    "export const prior = 1;",
    "a.json:10  /plugins/0  the plugin plugin.mjs exports nothing where a list of definitions belongs. Write: export default [definePrior({ ... })].",
  ],
  [
    "one with something else",
    "export default 5;",
    "a.json:10  /plugins/0  the plugin plugin.mjs exports the number 5 where a list of definitions belongs. Write: export default [definePrior({ ... })].",
  ],
  [
    "a built-in's name",
    `export default [${prior("gaussian")}];`,
    'plugin.mjs  the prior "gaussian" is already defined by vaelab. Give it a name of its own.',
  ],
  [
    "a name twice",
    `export default [${prior("a")}, ${prior("a")}];`,
    'plugin.mjs  the prior "a" is already defined by the same list. Give it a name of its own.',
  ],
  [
    "what is no definition",
    "export default [5];",
    "plugin.mjs  definition 0 is not an object made by definePrior, defineEncoder, ...",
  ],
  [
    "a kind that there is not",
    `export default [{ ...${prior("a")}, kind: "priors" }];`,
    'plugin.mjs  definition 0 has the kind "priors"; known: dataset, encoder, decoder, posterior, prior, likelihood, head, objective, regularizer, schedule, optimizer, metric, bijection, layer, sampler',
  ],
  [
    "no schema",
    'export default [{ kind: "prior", create() {} }];',
    "plugin.mjs  definition 0 (a prior) has no schema with properties",
  ],
  [
    "no name",
    'export default [{ kind: "prior", schema: { type: "object", properties: {} }, create() {} }];',
    'plugin.mjs  definition 0 (a prior) has no name: its schema\'s properties.type is { "const": NAME }',
  ],
  [
    "a name in another spelling",
    `export default [${prior("LaPlace")}];`,
    'plugin.mjs  definition 0 (a prior) has the name "LaPlace"; names are like "beta-tc"',
  ],
  [
    "a schema that lets any key pass",
    `const p = ${prior("a")}; delete p.schema.additionalProperties; export default [p];`,
    'plugin.mjs  definition 0 (the prior "a") has a schema without "additionalProperties": false',
  ],
  [
    "a schema that does not ask for its type",
    `const p = ${prior("a")}; p.schema.required = []; export default [p];`,
    'plugin.mjs  definition 0 (the prior "a") has a schema that does not require "type"',
  ],
  [
    "a slot of no kind",
    `const p = ${prior("a")}; p.schema.properties.base = { type: "object", component: "priors" }; export default [p];`,
    'plugin.mjs  definition 0 (the prior "a") has a slot at /base of the kind "priors"',
  ],
  [
    "a slot where none is found",
    `const p = ${prior("a")}; p.schema.properties.base = { anyOf: [{ type: "object", component: "prior" }] }; export default [p];`,
    'plugin.mjs  definition 0 (the prior "a") has a slot below "anyOf", where none is found',
  ],
  [
    "a role that no schedule has",
    `const p = ${prior("a")}; p.schema.properties.base = { type: "object", component: "schedule", role: "weights" }; export default [p];`,
    'plugin.mjs  definition 0 (the prior "a") has a slot at /base with the role "weights"; known: weight, learning-rate, target, temperature',
  ],
  [
    "a role where no schedule stands",
    `const p = ${prior("a")}; p.schema.properties.base = { type: "object", component: "prior", role: "weight" }; export default [p];`,
    'plugin.mjs  definition 0 (the prior "a") has a role at /base, which is no slot of a schedule',
  ],
  [
    "a default that is bare",
    `const p = ${prior("a")}; p.schema.properties.base = { type: "object", component: "prior", default: "gaussian" }; export default [p];`,
    'plugin.mjs  definition 0 (the prior "a") has a slot at /base whose default is not { type, ... }',
  ],
  [
    "no factory",
    `export default [{ ...${prior("a")}, create: 1 }];`,
    'plugin.mjs  definition 0 (the prior "a") has no create function',
  ],
  [
    "a misspelled hook",
    `export default [{ ...${prior("a")}, capabilites: () => ["density"] }];`,
    'plugin.mjs  definition 0 (the prior "a") has an unknown hook "capabilites". Did you mean "capabilities"? Known: resolve, capabilities, requires, family, support, examples, refusesShape, kind, schema, formula, source, create',
  ],
  [
    "a hook of another kind",
    `export default [{ ...${prior("a")}, duration: () => 3 }];`,
    'plugin.mjs  definition 0 (the prior "a") has the hook "duration", which only schedule can have. Known: resolve, capabilities, requires, family, support, examples, refusesShape',
  ],
  [
    "a formula that is no text",
    `export default [{ ...${prior("a")}, formula: () => "x" }];`,
    'plugin.mjs  definition 0 (the prior "a") has a "formula" that is not text',
  ],
  [
    "a hook that is none",
    `export default [{ ...${prior("a")}, resolve: {} }];`,
    'plugin.mjs  definition 0 (the prior "a") has a "resolve" that is not a function',
  ],
])("%s is refused", async (_, code, line) => {
  const place = workspace({
    "a.json": using("./plugin.mjs", "gaussian"),
    ...(code !== undefined && { "plugin.mjs": code }),
  });
  expect(await place.refusal("a.json")).toEqual(["PLUGIN", line]);
});

describe("a host", () => {
  const plugged = () => workspace({ "a.json": using("./p.mjs"), "p.mjs": `export default [${prior("laplace")}];` });
  test("is asked before a plugin's code runs, and what it refuses does not run", async () => {
    const loaded: string[] = [];
    const host = {
      admit: () => {
        throw new VaelabError("PLUGIN", { message: "not today" });
      },
      load: async (url: string) => loaded.push(url),
    };
    expect(await plugged().refusal("a.json", { host })).toEqual(["PLUGIN", "not today"]);
    expect(loaded).toEqual([]);
  });
  test("imports it in its own way", async () => {
    const load = async () => ({ default: [] });
    expect((await refusalOf(plugged().load("a.json", { host: { admit: () => {}, load } })))[1]).toContain(
      'unknown prior "laplace"',
    );
  });
});

test("a plugin that changed since this process loaded it is not taken for what it was", async () => {
  const place = workspace({ "a.json": using("./p.mjs"), "p.mjs": `export default [${prior("laplace")}];` });
  await place.load("a.json");
  writeFileSync(place.path("p.mjs"), `export default [${prior("laplace")}]; // changed`);
  expect(await place.refusal("a.json")).toEqual([
    "PLUGIN",
    "a.json:10  /plugins/0  the plugin p.mjs has changed since this process loaded it. Start another process.",
  ]);
});
