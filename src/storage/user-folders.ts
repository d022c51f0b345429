/** Cache folders of the user, outside every project. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export const userCache = (): string => {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "vaelab");
  if (process.platform === "win32") return join(LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "vaelab");
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "vaelab");
};

/** A folder of the cache, or of `VAELAB_CACHE_DIR`, which moves it. */
const cacheFolder = (name: string): string => {
  const { VAELAB_CACHE_DIR } = process.env;
  return join(VAELAB_CACHE_DIR ? resolve(VAELAB_CACHE_DIR) : userCache(), name);
};

/** Holds results computed once per data set. `VAELAB_CACHE_DIR` overrides it. It may be deleted at any time. */
export const computedRoot = (): string => {
  const { VAELAB_CACHE_DIR } = process.env;
  return VAELAB_CACHE_DIR ? resolve(VAELAB_CACHE_DIR) : join(userCache(), "computed");
};

/** Records the plugins that the user trusts. `VAELAB_CACHE_DIR` moves it too. */
export const trustedPluginsRoot = (): string => cacheFolder("trusted-plugins");

/** Holds the data sets that the user added. `VAELAB_CACHE_DIR` moves it too. */
export const dataRoot = (): string => cacheFolder("data");
