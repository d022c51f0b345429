/** The components that a command knows: what ships, and what --plugin names. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadOptions } from "../experiments/runs/load-options.js";
import type { Catalogue } from "../registry/components/catalogue.js";
import { loadPlugins } from "../registry/components/plugins.js";
import { type TracedObject, trace } from "../registry/reading/traced.js";

/** A plugin is named as in a spec, or by a path from the working folder. @throws PLUGIN, of all of them at once */
export const catalogueWith = async (plugins: readonly string[]): Promise<Catalogue> => {
  const { catalogue } = loadOptions();
  if (plugins.length === 0) return catalogue;
  const origin = { kind: "flag", flag: "--plugin", folder: process.cwd() } as const;
  const items = plugins.map((name) =>
    trace(existsSync(name) ? resolve(name) : name, { ...origin, flag: `--plugin ${name}` }),
  );
  const spec: TracedObject = {
    kind: "object",
    origin,
    entries: new Map([["plugins", { kind: "array", origin, items }]]),
  };
  return (await loadPlugins(spec, catalogue)).catalogue;
};
