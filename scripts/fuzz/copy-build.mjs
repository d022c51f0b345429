/** The built command, copied: a build that begins meanwhile changes nothing under it. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../sources.mjs";

/** @returns the path of cli.js, and what removes the copy. @throws when the build fails */
export const copyBuild = () => {
  const built = spawnSync(process.execPath, [join(root, "scripts/build.mjs"), "--no-types"], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  // Inside the package, where the imports of the build are found.
  const folder = mkdtempSync(join(cache, "fuzz-"));
  for (const part of ["cli.js", "trial.js", "index.js", "tensor.js", "plugin-hooks.js", "chunks"])
    cpSync(join(root, "dist", part), join(folder, part), { recursive: true });
  return { cli: join(folder, "cli.js"), remove: () => rmSync(folder, { recursive: true, force: true }) };
};
