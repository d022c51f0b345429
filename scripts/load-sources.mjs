/** Loads TypeScript of the tests in a script: bundled inside the package, where its imports are found. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./sources.mjs";

/** @param paths from the root of the package. @returns what all of them export */
export const loadSources = async (...paths) => {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "sources-"));
  try {
    const outfile = join(folder, "sources.mjs");
    const contents = paths.map((path) => `export * from ${JSON.stringify(`./${path}`)};`).join("\n");
    await build({
      absWorkingDir: root,
      stdin: { contents, resolveDir: root, loader: "ts" },
      outfile,
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      logLevel: "warning",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
