/** The file that a name means: addresses, folders, packages that are not there, and TypeScript. */
import { describe, expect, onTestFinished, test } from "vitest";
import { prior, using } from "../support/plugin-sources.js";
import { workspace } from "../support/workspace.js";

test.each(["https://example.com/p.mjs", "data:text/javascript,export default []", "node:fs", "file:///p.mjs"])(
  "the address %s is refused",
  async (name) => {
    expect(await workspace({ "a.json": using(name) }).refusal("a.json")).toEqual([
      "PLUGIN",
      `a.json:10  /plugins/0  the plugin "${name}" is a URL. Name a file or an installed package.`,
    ]);
  },
);

test("a folder, a package that is not installed, and two plugins with one name are refused, at once", async () => {
  const place = workspace({
    "a.json": using(["./folder", "vae-none", "one.mjs", "./one.mjs", "./two.mjs"]),
    "folder/x": "",
    "one.mjs": `export default [${prior("same")}];`,
    "two.mjs": `export default [${prior("same")}];`,
  });
  expect((await place.refusal("a.json")).map((line) => line.replaceAll(place.folder, "."))).toEqual([
    "PLUGIN",
    "a.json:10  /plugins/0  the plugin folder cannot be read: this is a folder, but a file is needed",
    'a.json:11  /plugins/1  no package "vae-none" that exports a plugin is installed at or above .. npm install vae-none, or name a file: "./vae-none.mjs".',
    'a.json:12  /plugins/2  no package "one.mjs" that exports a plugin is installed at or above .. A file is named with its folder: "./one.mjs".',
    'two.mjs  the prior "same" is already defined by one.mjs. Give it a name of its own.',
  ]);
});

describe("a plugin in TypeScript", () => {
  const place = () =>
    workspace({ "a.json": using("./laplace.ts"), "laplace.ts": `export default [${prior("laplace")}] as const;` });
  test("is refused where Node does not import it, with the command that compiles it", async () => {
    const { node } = process.versions;
    expect(await place().refusal("a.json")).toEqual([
      "PLUGIN",
      `a.json:10  /plugins/0  the plugin laplace.ts is TypeScript, which Node.js ${node} does not import. Compile it and name the result: npx esbuild laplace.ts --outfile=laplace.mjs`,
    ]);
  });
  test("is imported where Node does", async () => {
    const features = process.features as { typescript?: unknown };
    const before = features.typescript;
    Object.defineProperty(process.features, "typescript", { value: "strip", configurable: true });
    onTestFinished(
      () => void Object.defineProperty(process.features, "typescript", { value: before, configurable: true }),
    );
    expect((await place().load("a.json")).catalogue.names("prior")).toContain("laplace");
  });
});
