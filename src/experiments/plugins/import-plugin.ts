/**
 * Imports plugins so that "vaelab" is the copy that runs, wherever they lie and whatever copy is installed beside them: classes,
 * errors and the live `tf` exist once. Node's module hooks do that; they run in a thread of their own, from a file of the build.
 */
import nodeModule from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageRoot } from "../../engine/folders.js";

let registered = false;
const registerHooks = (): void => {
  if (registered) return;
  registered = true;
  const build = pathToFileURL(join(packageRoot(), "dist/")).href;
  // From the sources, as in tests, there is no built copy that runs. Node.js before 20.6 has no hooks.
  if (!import.meta.url.startsWith(build) || typeof nodeModule.register !== "function") return;
  const manifest = pathToFileURL(join(packageRoot(), "package.json")).href;
  nodeModule.register(new URL("plugin-hooks.js", build), { data: { build, manifest } });
};

export const importPlugin = (url: string): Promise<unknown> => {
  registerHooks();
  return import(/* @vite-ignore */ url);
};
