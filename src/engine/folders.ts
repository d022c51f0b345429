/** Folders of the engine, in the user's cache folder, and of vaelab itself. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { VaelabError } from "../errors.js";
import { userCache } from "../storage/user-folders.js";
import { ENGINE_ID } from "./versions.js";

/** Holds finished engines, the downloaded wheel and unfinished builds. `VAELAB_ENGINE_DIR` overrides it. */
export const engineRoot = (): string => {
  const { VAELAB_ENGINE_DIR } = process.env;
  return VAELAB_ENGINE_DIR ? resolve(VAELAB_ENGINE_DIR) : join(userCache(), "engine");
};

/** The finished engine of the pinned versions. It exists whole or not at all. */
export const engineFolder = (root = engineRoot()): string => join(root, ENGINE_ID);

/** Path of the native parts of @tensorflow/tfjs-node, relative to the folder whose node_modules holds it. */
export const NATIVE_PARTS = {
  package: "node_modules/@tensorflow/tfjs-node",
  binding: "node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node",
  libraries: "node_modules/@tensorflow/tfjs-node/deps/lib",
} as const;

/** vaelab's own folder, found from this file, whether it runs from src/ or from a chunk in dist/. */
export const packageRoot = (): string => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "vaelab") return folder;
    if (folder === dirname(folder))
      throw new VaelabError("INTERNAL", { message: "vaelab's own package.json was not found", where: import.meta.url });
  }
};
