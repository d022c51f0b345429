/** Imports TypeScript of src/ in a script, bundled from the sources: what a script alone needs is no part of the package. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./sources.mjs";

/** @param exports what to import, by the file in src/ that exports it: { "src/builtins.ts": ["builtins"] } */
export const importSources = async (exports) => {
  const outfile = join(root, "node_modules", ".cache", "vaelab", `sources-${process.pid}.mjs`);
  await build({
    stdin: {
      contents: Object.entries(exports)
        .map(([file, names]) => `export { ${names.join(", ")} } from "./${file}";`)
        .join("\n"),
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
};
