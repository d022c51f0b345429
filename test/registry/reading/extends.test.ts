/** extends: what merges, what is replaced, from where paths start, and every way in which it cannot be followed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locatePlugins } from "../../../src/registry/reading/extends.js";
import type { Json } from "../../../src/registry/reading/json.js";
import { merge } from "../../../src/registry/reading/merge.js";
import {
  originsOf,
  plain,
  showOrigin,
  type Traced,
  type TracedObject,
  trace,
} from "../../../src/registry/reading/traced.js";
import { least } from "../support/definitions.js";
import { workspace } from "../support/workspace.js";

const written = async (files: Record<string, unknown>): Promise<unknown> =>
  (await workspace(files).load("a.json")).written;

describe("merging", () => {
  test("left to right, then the file itself; objects by key, lists whole", async () => {
    const merged = await written({
      "one.json": { training: { epochs: 1, batchSize: 11 }, model: { encoder: { type: "mlp", hidden: [1, 1] } } },
      "two.json": { training: { epochs: 2 }, model: { encoder: { hidden: [2] } } },
      "a.json": { extends: ["one.json", "./two.json"], ...least, model: { latent: 3 } },
    });
    expect(merged).toEqual({
      ...least,
      training: { epochs: 2, batchSize: 11 },
      model: { latent: 3, encoder: { type: "mlp", hidden: [2] } },
    });
  });

  test.each<[string, unknown, unknown, unknown]>([
    [
      "another type replaces the slot",
      { type: "gaussian-mixture", components: 3 },
      { type: "gaussian" },
      { type: "gaussian" },
    ],
    ["another type, bare, too", { type: "gaussian-mixture", components: 3 }, "gaussian", "gaussian"],
    [
      "the same type merges",
      { type: "gaussian-mixture", components: 3 },
      { type: "gaussian-mixture" },
      { type: "gaussian-mixture", components: 3 },
    ],
    [
      "the same type, bare, too",
      { type: "gaussian-mixture", components: 3 },
      "gaussian-mixture",
      { type: "gaussian-mixture", components: 3 },
    ],
    [
      "fields go to what was named bare",
      "gaussian-mixture",
      { components: 3 },
      { type: "gaussian-mixture", components: 3 },
    ],
    [
      "a type over what was named bare",
      "gaussian",
      { type: "gaussian-mixture", components: 3 },
      { type: "gaussian-mixture", components: 3 },
    ],
  ])("%s", async (_, below, above, expected) => {
    const base = { ...least, model: { ...least.model, prior: below } };
    expect(
      await written({ "base.json": base, "a.json": { extends: "base.json", model: { prior: above } } }),
    ).toMatchObject({ model: { prior: expected } });
  });

  test("a number replaces a schedule", async () => {
    const base = { ...least, objective: { type: "elbo", beta: { type: "linear", to: 1, steps: 5 } } };
    expect(
      await written({ "base.json": base, "a.json": { extends: "base.json", objective: { beta: 2 } } }),
    ).toMatchObject({ objective: { type: "elbo", beta: 2 } });
  });

  test("paths and presets start from the file that names them, and each value knows its line", async () => {
    const place = workspace({
      "presets/short.json": { training: { epochs: 3 } },
      "base/deep/c.json": { ...least },
      "base/b.json": { extends: ["deep/c.json", "preset:short"], seed: 5 },
      "a.json": { extends: ["base/b.json"], model: { latent: 8 } },
    });
    const { written: spec, origins } = await place.load("a.json");
    expect(spec).toEqual({ ...least, seed: 5, model: { ...least.model, latent: 8 }, training: { epochs: 3 } });
    const lines = Object.fromEntries(
      [...origins].map(([pointer, origin]) => [pointer, showOrigin(origin).replace(`${place.folder}/`, "")]),
    );
    expect(lines).toMatchObject({
      "/name": "base/deep/c.json:2",
      "/seed": "base/b.json:6",
      "/training/epochs": "presets/short.json:3",
      "/model/latent": "a.json:6",
      "/model/encoder": "base/deep/c.json:6",
    });
    expect(lines["/objective"]).toBeUndefined();
  });

  test("an error in a base file is shown at its line there", async () => {
    const place = workspace({
      "base.json": { ...least, model: { latent: "x" } },
      "a.json": { extends: "base.json", model: { encoder: "mlp" } },
    });
    expect(await place.refusal("a.json")).toEqual([
      "SPEC_INVALID",
      'base.json:5  /model/latent  should be a whole number, not the text "x"',
    ]);
  });

  test("one base by two ways is no loop", async () => {
    const files = {
      "base.json": least,
      "b.json": { extends: "base.json" },
      "c.json": { extends: "base.json" },
      "a.json": { extends: ["b.json", "c.json"] },
    };
    expect(await written(files)).toEqual(least);
  });
});

describe("what cannot be followed", () => {
  test("a loop shows its chain", async () => {
    const files = {
      "a.json": { extends: "b.json" },
      "b.json": { seed: 1, extends: ["c.json"] },
      "c.json": { extends: "b.json" },
    };
    expect(await workspace(files).refusal("a.json")).toEqual([
      "SPEC_EXTENDS",
      "c.json:2  /extends  specs extend each other in a loop: b.json -> c.json -> b.json",
    ]);
    expect(await workspace({ "a.json": { extends: "./a.json" } }).refusal("a.json")).toEqual([
      "SPEC_EXTENDS",
      "a.json:2  /extends  specs extend each other in a loop: a.json -> a.json",
    ]);
  });

  test("every file and preset that is not there, at once", async () => {
    const files = {
      "presets/beta-vae.json": {},
      "folder/x": "",
      "a.json": { extends: ["none.json", "preset:beta-vea", "folder"] },
    };
    expect(await workspace(files).refusal("a.json")).toEqual([
      "SPEC_EXTENDS",
      "a.json:3  /extends/0  none.json does not exist",
      'a.json:4  /extends/1  unknown preset "beta-vea". Did you mean "beta-vae"? Known: beta-vae',
      "a.json:5  /extends/2  folder cannot be read: this is a folder, but a file is needed",
    ]);
  });

  test("what is no path", async () => {
    expect(await workspace({ "a.json": { extends: [3] } }).refusal("a.json")).toEqual([
      "SPEC_EXTENDS",
      'a.json:3  /extends/0  should be the path of a spec, not the number 3. For example "./base.json" or "preset:beta-vae".',
    ]);
    expect(await workspace({ "a.json": { extends: { a: 1 } } }).refusal("a.json")).toEqual([
      "SPEC_EXTENDS",
      'a.json:2  /extends  should be the path of a spec, not an object. For example "./base.json" or "preset:beta-vae".',
    ]);
  });

  test("a base that is not JSON, or no object", async () => {
    const place = workspace({
      "bad.json": "{",
      "list.json": "[]",
      "a.json": { extends: "bad.json" },
      "b.json": { extends: "list.json" },
    });
    expect(await place.refusal("a.json")).toEqual(["SPEC_SYNTAX", 'bad.json:1:2  a "}" is missing']);
    expect(await place.refusal("b.json")).toEqual([
      "SPEC_INVALID",
      "b.json:2  /extends  a spec is an object, not a list",
    ]);
  });
});

const from = (label: string, value: unknown): Traced =>
  trace(value as Json, { kind: "flag", flag: label, folder: "/" });
/** Specs without slots: what merges by key alone. */
const trees = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.dictionary(
    fc.constantFrom("a", "b", "c"),
    fc.oneof({ maxDepth: 3 }, fc.integer(), fc.array(fc.integer(), { maxLength: 2 }), tie("tree")),
    { maxKeys: 3 },
  ),
})).tree;

const leaves = (value: unknown, at = ""): [string, unknown][] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, child]) => leaves(child, `${at}/${key}`))
    : [[at, value]];

test("merging any two trees keeps every value of the upper, and below it every value that nothing replaced, with its origin", () => {
  fc.assert(
    fc.property(trees, trees, (below, above) => {
      const merged = merge(from("below", below), from("above", above));
      const found = new Map(leaves(plain(merged)));
      const origins = originsOf(merged);
      const covered = leaves(above);
      for (const [pointer, value] of covered) {
        expect(found.get(pointer)).toEqual(value);
        expect(origins.get(pointer)).toMatchObject({ flag: "above" });
      }
      for (const [pointer, value] of leaves(below)) {
        const replaced = covered.some(
          ([path]) => path === pointer || path.startsWith(`${pointer}/`) || pointer.startsWith(`${path}/`),
        );
        // A key that holds an empty object above replaces a value, and leaves no leaf of its own.
        if (replaced || !found.has(pointer)) continue;
        expect(found.get(pointer)).toEqual(value);
        expect(origins.get(pointer)).toMatchObject({ flag: "below" });
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("merging is associative and idempotent on trees where a key is of one shape", () => {
  const shaped = fc.record(
    { a: fc.integer(), b: fc.record({ c: fc.integer(), d: fc.array(fc.integer()) }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(shaped, shaped, shaped, (x, y, z) => {
      const [a, b, c] = [from("x", x), from("y", y), from("z", z)];
      expect(plain(merge(merge(a, b), c))).toEqual(plain(merge(a, merge(b, c))));
      expect(plain(merge(a, a))).toEqual(plain(a));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("plugins named by a path are found from the folder of their spec; packages, and what is no name, stay as written", () => {
  const spec = trace(
    { plugins: ["./own.js", "../own.js", "/own.js", "package", 5, null, {}] },
    { kind: "code", folder: "/a/b" },
  );
  expect(plain(locatePlugins(spec as TracedObject))).toEqual({
    plugins: ["/a/b/own.js", "/a/own.js", "/own.js", "package", 5, null, {}],
  });
});
