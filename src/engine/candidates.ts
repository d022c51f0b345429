/** Finds the tensor packages for this process by looking at files; starts nothing. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Problem } from "../errors.js";
import { engineFolder, NATIVE_PARTS, packageRoot } from "./folders.js";
import { readManifest } from "./native/manifest.js";
import { platformProblem } from "./native/prerequisites.js";

export const INSTALL_COMMAND = "vaelab engine install";

/** A folder whose packages share one @tensorflow/tfjs-core. */
export interface Home {
  folder: string;
  require: NodeJS.Require;
}

export interface NativeSearch {
  /** Homes with a native binding, best first. Whether it loads shows only on loading. */
  homes: Home[];
  /** Why the engine folder is not among them, and the remedy. */
  problem?: Problem;
}

const homeOf = (folder: string): Home => ({ folder, require: createRequire(join(folder, "package.json")) });

/** vaelab's own dependencies: they carry the wasm and cpu engines. */
export const ownHome = (): Home => homeOf(packageRoot());

/** vaelab's own folder, when somebody installed an @tensorflow/tfjs-node beside it whose binding is there. */
const besideVaelab = (): Home | undefined => {
  const own = ownHome();
  let manifest: string;
  try {
    manifest = own.require.resolve("@tensorflow/tfjs-node/package.json");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
  const inPackage = NATIVE_PARTS.binding.slice(NATIVE_PARTS.package.length + 1);
  return existsSync(join(dirname(manifest), inPackage)) ? own : undefined;
};

const folderProblem = (folder: string): Problem | undefined => {
  const manifest = readManifest(folder);
  if (typeof manifest === "object") return undefined;
  if (typeof manifest === "string")
    return { message: `the native engine is damaged: ${manifest}`, remedy: `Run: ${INSTALL_COMMAND}` };
  return platformProblem() ?? { message: "the native engine is not installed", remedy: `Run: ${INSTALL_COMMAND}` };
};

export const findNative = (): NativeSearch => {
  const folder = engineFolder();
  const problem = folderProblem(folder);
  const beside = besideVaelab();
  return {
    homes: [...(problem ? [] : [homeOf(folder)]), ...(beside ? [beside] : [])],
    ...(problem ? { problem } : {}),
  };
};
