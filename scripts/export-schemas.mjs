/**
 * Writes what is made from the catalogue of built-in components: schemas/*.schema.json, for editors and for other languages, and
 * docs/catalogue.md, for people. With --check it writes nothing, and fails naming every file that is missing, stale or no longer
 * made. `npm run schemas` and `npm run catalogue` are both this.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./sources.mjs";

// From the sources, not from dist: this is no part of the package.
const bundle = join(root, "node_modules", ".cache", "vaelab", `schemas-${process.pid}.mjs`);
await build({
  stdin: {
    contents:
      'export { builtins } from "./src/builtins.ts"; export { createCatalogue } from "./src/registry/components/catalogue.ts"; export { exportSchemas } from "./src/registry/schema-export.ts"; export { cataloguePage } from "./src/cli/catalogue-page.ts";',
    resolveDir: root,
  },
  outfile: bundle,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  logLevel: "warning",
});
const { builtins, createCatalogue, exportSchemas, cataloguePage } = await import(pathToFileURL(bundle).href);
rmSync(bundle);

const catalogue = createCatalogue(builtins);
const wanted = Object.fromEntries([
  ...Object.entries(exportSchemas(catalogue)).map(([name, schema]) => [
    join("schemas", name),
    `${JSON.stringify(schema, null, 2)}\n`,
  ]),
  [join("docs", "catalogue.md"), cataloguePage(catalogue)],
]);
const folder = join(root, "schemas");
const stale = Object.keys(wanted).filter(
  (path) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== wanted[path],
);
const obsolete = (existsSync(folder) ? readdirSync(folder) : [])
  .map((name) => join("schemas", name))
  .filter((path) => !(path in wanted));
if (argv.includes("--check")) {
  for (const path of stale) console.error(`${path} is not what the components declare. Run: npm run schemas`);
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
