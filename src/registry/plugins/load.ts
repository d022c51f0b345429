/**
 * Loads the plugins that a spec names: ES modules that export a list of definitions, services by name, or both. They run with the
 * user's permissions. Each file is loaded once per process; changes to it need a new process.
 */

import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { firstLine, type Problem, VaelabError } from "../../errors.js";
import { append } from "../../numerics/lists.js";
import { isObject } from "../../storage/json.js";
import { ownedBy } from "../../tensor/owner.js";
import { inPlugin, rememberModule } from "../../tensor/plugin-frames.js";
import type { Catalogue } from "../components/catalogue.js";
import { describeValue } from "../reading/json.js";
import { showOrigin, showPath, type TracedObject } from "../reading/traced.js";
import { contentHash, contentOf, type PluginContent } from "./content.js";
import { locate, type NamedPlugin } from "./locate.js";
import { checkedServices, type PluginServices } from "./services.js";

export interface Plugin extends PluginContent {
  /** As named in the spec, with paths made absolute. */
  name: string;
  file: string;
}
export interface LoadedPlugins {
  /** Including the components of the plugins. */
  catalogue: Catalogue;
  plugins: readonly Plugin[];
  /** In the order of the plugins. */
  services: readonly PluginServices[];
}
/** Hooks of the program that loads plugins. */
export interface PluginHost {
  /** Called before the plugin's code runs. @throws PLUGIN, RUN_FOLDER to refuse it */
  admit(plugin: Plugin, where: string): void;
  /** Imports a module by its URL. */
  load(url: string): Promise<unknown>;
}

const plainHost: PluginHost = { admit: () => {}, load: (url) => import(/* @vite-ignore */ url) };

/** The spec's plugins, and what they add. @throws PLUGIN for all plugins at once, and errors of the host */
export const loadPlugins = async (
  spec: TracedObject,
  catalogue: Catalogue,
  host: PluginHost = plainHost,
): Promise<LoadedPlugins> => {
  const problems: Problem[] = [];
  const services: PluginServices[] = [];
  const plugins: Plugin[] = [];
  let scope = catalogue;
  for (const named of namedIn(spec)) {
    try {
      const file = locate(named);
      if (plugins.some((plugin) => plugin.file === file)) continue;
      const plugin: Plugin = { name: named.name, file, ...contentOf(file, named.where) };
      host.admit(plugin, named.where);
      const { definitions, services: exported } = await contentsOf(plugin, named.where, host);
      scope = scope.child(definitions, showPath(file));
      if (exported !== undefined) {
        const own = { file: showPath(file), where: named.where, exported };
        // What a function makes of the services in place is checked when they are there.
        if (typeof exported !== "function") checkedServices(own, exported);
        services.push(own);
      }
      plugins.push(plugin);
    } catch (error) {
      if (!(error instanceof VaelabError) || error.code !== "PLUGIN") throw error;
      append(problems, error.problems);
    }
  }
  if (problems.length) throw new VaelabError("PLUGIN", problems);
  return { catalogue: scope, plugins, services };
};

/** Validation reports entries that are not strings. */
const namedIn = (spec: TracedObject): NamedPlugin[] => {
  const list = spec.entries.get("plugins");
  if (list?.kind !== "array") return [];
  return list.items.flatMap((item, index) =>
    item.kind === "scalar" && typeof item.value === "string"
      ? [{ name: item.value, origin: item.origin, where: `${showOrigin(item.origin)}  /plugins/${index}` }]
      : [],
  );
};

/** Keyed by file, because Node caches a module at its first import. */
const loaded = new Map<string, { content: string; module: Promise<unknown> }>();

const moduleOf = (plugin: Plugin, where: string, host: PluginHost): Promise<unknown> => {
  const { file } = plugin;
  const content = contentHash(plugin);
  const known = loaded.get(file);
  if (known && known.content !== content) {
    const message = `the plugin ${showPath(file)} has changed since this process loaded it`;
    throw new VaelabError("PLUGIN", { where, message, remedy: "Start another process." });
  }
  for (const name of ["", ...Object.keys(plugin.imports ?? {})]) {
    const path = name ? join(dirname(file), name) : file;
    rememberModule(path, showPath(path));
  }
  const module = known?.module ?? host.load(pathToFileURL(file).href);
  loaded.set(file, { content, module });
  return module;
};

interface Contents {
  definitions: readonly unknown[];
  services?: unknown;
}
const contentsOf = async (plugin: Plugin, where: string, host: PluginHost): Promise<Contents> => {
  const shown = showPath(plugin.file);
  const loading = moduleOf(plugin, where, host);
  let exported: unknown;
  try {
    exported = await loading;
  } catch (error) {
    const message = `the plugin ${shown} throws while it is loaded: ${firstLine(error)}${inPlugin(error)}`;
    throw new VaelabError("PLUGIN", { where, message }, { cause: error });
  }
  const module = isObject(exported) ? exported : {};
  const list = module.definitions ?? module.default;
  const { services } = module;
  if (Array.isArray(list)) return { definitions: list.map(inItsName), services };
  if (list === undefined && services !== undefined) return { definitions: [], services };
  const what = list === undefined ? "nothing" : describeValue(list);
  throw new VaelabError("PLUGIN", {
    where,
    message: `the plugin ${shown} exports ${what} where a list of definitions belongs`,
    remedy: "Write: export default [definePrior({ ... })].",
  });
};

/**
 * Wraps the hooks of a definition to run under the component's name, so that their errors are not taken for faults of vaelab.
 */
const inItsName = (definition: unknown): unknown => {
  if (!isObject(definition) || !isObject(definition.schema) || !isObject(definition.schema.properties))
    return definition;
  const { type } = definition.schema.properties;
  return isObject(type) ? ownedBy(`${definition.kind}/${type.const}`, definition) : definition;
};
