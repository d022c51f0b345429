/** What counts as a plugin's content: its file, and every file that it can import by a relative path. */
import { createHash } from "node:crypto";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contentHash, contentOf } from "../../../src/registry/plugins/content.js";
import { refusalOf, type Workspace, workspace } from "../support/workspace.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const importsOf = (place: Workspace, file = "p.mjs"): string[] =>
  Object.keys(contentOf(place.path(file), "here").imports ?? {}).sort();

test("of a file without imports, its SHA-256 alone", () => {
  const place = workspace({ "p.mjs": "export default [];" });
  expect(contentOf(place.path("p.mjs"), "here")).toEqual({ sha256: sha256("export default [];") });
  expect(contentHash(contentOf(place.path("p.mjs"), "here"))).toBe(sha256("export default [];"));
});

test.each([
  ["import { a } from './lib/a.mjs';", "lib/a.mjs"],
  ['import "./lib/a.mjs"', "lib/a.mjs"],
  ['export * from"./lib/a.mjs";', "lib/a.mjs"],
  ['import {\n  a,\n  b,\n} from\n  "./lib/a.mjs";', "lib/a.mjs"],
  ["const m = await import(/* late */ `./lib/a.mjs`);", "lib/a.mjs"],
  ['const m = createRequire(import.meta.url)("./lib/b");', "lib/b.cjs"],
  ['const m = require("./lib");', "lib/index.js"],
  ['new Worker(new URL("./lib/a.mjs?v=2", import.meta.url));', "lib/a.mjs"],
  ['import t from "./lib/a%20b.json" with { type: "json" };', "lib/a b.json"],
  ['import { up } from "../p/lib/a.mjs";', "lib/a.mjs"],
])("%s is found", (source, name) => {
  const place = workspace({
    "p/p.mjs": source,
    "p/lib/a.mjs": "1",
    "p/lib/b.cjs": "2",
    "p/lib/index.js": "3",
    "p/lib/a b.json": "4",
  });
  expect(importsOf(place, "p/p.mjs")).toEqual([name]);
});

test.each([
  'import fs from "node:fs"; import { definePrior } from "vaelab";',
  'const text = "./there-is-none.mjs";',
  'const rows = readCsv("./rows.csv");',
  'const folder = "./lib";',
  `const text = "./${"long".repeat(5000)}";`,
])("%s is no import", (source) => {
  expect(importsOf(workspace({ "p.mjs": source, "rows.csv": "1,2", "lib/x.txt": "" }))).toEqual([]);
});

test("what an import imports counts, from its own folder, in circles too; a change to any of it is another content", () => {
  const files = {
    "p.mjs": 'import "./lib/a.mjs";',
    "lib/a.mjs": 'import "./b.mjs"; import "../p.mjs";',
    "lib/b.mjs": 'import "./a.mjs";',
  };
  const place = workspace(files);
  const content = contentOf(place.path("p.mjs"), "here");
  expect(content).toEqual({
    sha256: sha256(files["p.mjs"]),
    imports: { "lib/a.mjs": sha256(files["lib/a.mjs"]), "lib/b.mjs": sha256(files["lib/b.mjs"]) },
  });
  expect(contentHash(contentOf(workspace(files).path("p.mjs"), "elsewhere"))).toBe(contentHash(content));
  writeFileSync(place.path("lib/b.mjs"), 'import "./a.mjs"; // changed');
  expect(contentHash(contentOf(place.path("p.mjs"), "here"))).not.toBe(contentHash(content));
});

test("an import through a symbolic link is followed to where it lies", () => {
  const place = workspace({ "p/p.mjs": 'import "./a.mjs";', "lib/a.mjs": 'import "./b.mjs";', "lib/b.mjs": "" });
  symlinkSync(place.path("lib/a.mjs"), place.path("p/a.mjs"));
  expect(importsOf(place, "p/p.mjs")).toEqual(["../lib/b.mjs", "a.mjs"]);
});

test("an import that is no regular file is not read", async () => {
  const place = workspace({ "p.mjs": 'import "./endless.mjs";' });
  symlinkSync("/dev/zero", place.path("endless.mjs"));
  expect(importsOf(place)).toEqual([]);
  rmSync(place.path("p.mjs"));
  expect(await refusalOf(() => contentOf(place.path("p.mjs"), "here"), place.folder)).toEqual([
    "PLUGIN",
    "here  the plugin p.mjs does not exist",
  ]);
});
