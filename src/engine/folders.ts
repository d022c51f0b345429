/** Cache folders of the user, outside every project, for the engine and for results computed once per data set. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { VaelabError } from "../errors.js";
import { ENGINE_ID } from "./versions.js";

const userCache = (): string => {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "vaelab");
  if (process.platform === "win32") return join(LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "vaelab");
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "vaelab");
};

/** Holds finished engines, the downloaded wheel and unfinished builds. `VAELAB_ENGINE_DIR` overrides it. */
export const engineRoot = (): string => {
  const { VAELAB_ENGINE_DIR } = process.env;
  return VAELAB_ENGINE_DIR ? resolve(VAELAB_ENGINE_DIR) : join(userCache(), "engine");
};

/** Holds results computed once per data set. `VAELAB_CACHE_DIR` overrides it. It may be deleted at any time. */
export const computedRoot = (): string => {
  const { VAELAB_CACHE_DIR } = process.env;
  return VAELAB_CACHE_DIR ? resolve(VAELAB_CACHE_DIR) : join(userCache(), "computed");
};

/** Records the plugins that the user trusts. `VAELAB_CACHE_DIR` moves it too. */
export const trustedPluginsRoot = (): string => {
  const { VAELAB_CACHE_DIR } = process.env;
  return join(VAELAB_CACHE_DIR ? resolve(VAELAB_CACHE_DIR) : userCache(), "trusted-plugins");
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
