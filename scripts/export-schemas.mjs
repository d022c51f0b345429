/**
 * Writes schemas/*.schema.json from the catalogue of built-in components, for editors and for other languages. With --check
 * it writes nothing, and fails naming every file that is missing, stale or no longer made.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./sources.mjs";

const folder = join(root, "schemas");
// From the sources, not from dist: this is no part of the package.
const bundle = join(root, "node_modules", ".cache", "vaelab", `schemas-${process.pid}.mjs`);
await build({
  stdin: {
    contents:
      'export { builtins } from "./src/builtins.ts"; export { createCatalogue } from "./src/registry/catalogue.ts"; export { exportSchemas } from "./src/registry/schema-export.ts";',
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
const { builtins, createCatalogue, exportSchemas } = await import(pathToFileURL(bundle).href);
rmSync(bundle);

const wanted = Object.fromEntries(
  Object.entries(exportSchemas(createCatalogue(builtins))).map(([name, schema]) => [
    name,
    `${JSON.stringify(schema, null, 2)}\n`,
  ]),
);
const stale = Object.keys(wanted).filter(
  (name) => !existsSync(join(folder, name)) || readFileSync(join(folder, name), "utf8") !== wanted[name],
);
const obsolete = existsSync(folder) ? readdirSync(folder).filter((name) => !(name in wanted)) : [];
if (argv.includes("--check")) {
  for (const name of stale) console.error(`schemas/${name} is not what the components declare. Run: npm run schemas`);
  for (const name of obsolete) console.error(`schemas/${name} is made by nothing any more. Run: npm run schemas`);
  process.exitCode = stale.length + obsolete.length ? 1 : 0;
} else {
  mkdirSync(folder, { recursive: true });
  for (const name of stale) writeFileSync(join(folder, name), wanted[name]);
  for (const name of obsolete) rmSync(join(folder, name));
  console.log(
    `${stale.length} written, ${obsolete.length} removed, ${Object.keys(wanted).length - stale.length} as they were`,
  );
}
