/**
 * Writes what is made from the built-in components and presets: schemas/*.schema.json, for editors and for other languages, and
 * docs/catalogue.md and docs/presets.md, for people. With --check it writes nothing, and fails naming every file that is missing, stale
 * or no longer made. `npm run schemas` and `npm run catalogue` are both this.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { importSources } from "./import-sources.mjs";
import { root } from "./sources.mjs";

const { builtins, createCatalogue, exportSchemas, cataloguePage, presetsPage, readPresets } = await importSources({
  "src/builtins.ts": ["builtins"],
  "src/registry/components/catalogue.ts": ["createCatalogue"],
  "src/registry/schema-export.ts": ["exportSchemas"],
  "src/cli/catalogue-page.ts": ["cataloguePage"],
  "src/cli/presets-page.ts": ["presetsPage"],
  "src/cli/read-presets.ts": ["readPresets"],
});

const catalogue = createCatalogue(builtins);
const { rows, measured } = readPresets(root);
const wanted = Object.fromEntries([
  ...Object.entries(exportSchemas(catalogue)).map(([name, schema]) => [
    join("schemas", name),
    `${JSON.stringify(schema, null, 2)}\n`,
  ]),
  [join("docs", "catalogue.md"), cataloguePage(catalogue)],
  [join("docs", "presets.md"), presetsPage(rows, measured)],
]);
const folder = join(root, "schemas");
const stale = Object.keys(wanted).filter(
  (path) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== wanted[path],
);
const obsolete = (existsSync(folder) ? readdirSync(folder) : [])
  .map((name) => join("schemas", name))
  .filter((path) => !(path in wanted));
if (argv.includes("--check")) {
  for (const path of stale)
    console.error(`${path} is not what the components and presets declare. Run: npm run schemas`);
  for (const path of obsolete) console.error(`${path} is made by nothing any more. Run: npm run schemas`);
  process.exitCode = stale.length + obsolete.length ? 1 : 0;
} else {
  mkdirSync(folder, { recursive: true });
  for (const path of stale) writeFileSync(join(root, path), wanted[path]);
  for (const path of obsolete) rmSync(join(root, path));
  console.log(
    `${stale.length} written, ${obsolete.length} removed, ${Object.keys(wanted).length - stale.length} as they were`,
  );
}
