/** The components that a command knows: what ships, and what --plugin names. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { builtins } from "../builtins.js";
import { type Catalogue, createCatalogue } from "../registry/catalogue.js";
import { loadPlugins } from "../registry/plugins.js";
import { type TracedObject, trace } from "../registry/traced.js";

export const builtinCatalogue = (): Catalogue => createCatalogue(builtins);

/** A plugin is named as in a spec, or by a path from the working folder. @throws PLUGIN, of all of them at once */
export const catalogueWith = async (plugins: readonly string[]): Promise<Catalogue> => {
  if (plugins.length === 0) return builtinCatalogue();
  const origin = { kind: "flag", flag: "--plugin", folder: process.cwd() } as const;
  const items = plugins.map((name) =>
    trace(existsSync(name) ? resolve(name) : name, { ...origin, flag: `--plugin ${name}` }),
  );
  const spec: TracedObject = {
    kind: "object",
    origin,
    entries: new Map([["plugins", { kind: "array", origin, items }]]),
  };
  return (await loadPlugins(spec, builtinCatalogue())).catalogue;
};
