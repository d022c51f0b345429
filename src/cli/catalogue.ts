/** Components available to a command: the built-in ones and those of --plugin. */
import { namedByFlag } from "../experiments/plugins/named-plugins.js";
import { loadOptions } from "../experiments/runs/load-options.js";
import type { Catalogue } from "../registry/components/catalogue.js";
import { loadPlugins } from "../registry/plugins/load.js";
import { type TracedObject, trace } from "../registry/reading/traced.js";

/** Plugins are given as in a spec, or as paths from the working folder. @throws PLUGIN for all faulty plugins at once */
export const catalogueWith = async (plugins: readonly string[]): Promise<Catalogue> => {
  const { catalogue, host } = loadOptions();
  if (plugins.length === 0) return catalogue;
  const origin = { kind: "flag", flag: "--plugin", folder: process.cwd() } as const;
  const items = plugins.map((each) => {
    const named = namedByFlag(each);
    return trace(named.name, named.origin);
  });
  const spec: TracedObject = {
    kind: "object",
    origin,
    entries: new Map([["plugins", { kind: "array", origin, items }]]),
  };
  return (await loadPlugins(spec, catalogue, host)).catalogue;
};
