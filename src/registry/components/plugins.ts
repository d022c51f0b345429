/**
 * Loads the plugins that a spec names, and only those: ES modules that export a list of definitions. They are code, and run
 * as the user. Each file is loaded once a process; a change to it needs a new one.
 */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Problem, VaelabError } from "../../errors.js";
import { sha256Bytes } from "../../storage/files.js";
import { isObject } from "../../storage/json.js";
import { readRegular, Unreadable } from "../../storage/read-file.js";
import { isPath } from "../reading/extends.js";
import { describeValue, firstLine } from "../reading/json.js";
import { folderOf, type Origin, showOrigin, showPath, type TracedObject } from "../reading/traced.js";
import type { Catalogue } from "./catalogue.js";
import { packageEntry } from "./package-entry.js";

export interface Plugin {
  /** As the spec names it, a path absolute. */
  name: string;
  file: string;
  /** Of that file; what it imports is not covered. */
  sha256: string;
}

/** The catalogue with the spec's plugins in it. @throws PLUGIN, of every plugin at once */
export const loadPlugins = async (
  spec: TracedObject,
  catalogue: Catalogue,
): Promise<{ catalogue: Catalogue; plugins: readonly Plugin[] }> => {
  const problems: Problem[] = [];
  const plugins: Plugin[] = [];
  let scope = catalogue;
  for (const { name, origin, where } of namedIn(spec)) {
    try {
      const file = locate(name, origin, where);
      if (plugins.some((plugin) => plugin.file === file)) continue;
      const sha256 = sha256Bytes(sourceOf(file, where));
      scope = scope.child(await definitionsIn(file, where), showPath(file));
      plugins.push({ name, file, sha256 });
    } catch (error) {
      if (!(error instanceof VaelabError) || error.code !== "PLUGIN") throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length) throw new VaelabError("PLUGIN", problems);
  return { catalogue: scope, plugins };
};

/** What is no text is left for validation to report. */
const namedIn = (spec: TracedObject): { name: string; origin: Origin; where: string }[] => {
  const list = spec.entries.get("plugins");
  if (list?.kind !== "array") return [];
  return list.items.flatMap((item, index) =>
    item.kind === "scalar" && typeof item.value === "string"
      ? [{ name: item.value, origin: item.origin, where: `${showOrigin(item.origin)}  /plugins/${index}` }]
      : [],
  );
};

const locate = (name: string, origin: Origin, where: string): string => {
  if (/^[a-z]{2,}:/i.test(name)) {
    const message = `the plugin ${JSON.stringify(name)} is an address`;
    throw new VaelabError("PLUGIN", { where, message, remedy: "Name a file, or a package that is installed." });
  }
  if (!isPath(name)) {
    const entry = packageEntry(name, folderOf(origin));
    if (entry && existsSync(entry)) return entry;
    const message = `no package "${name}" that exports a plugin is installed at or above ${showPath(folderOf(origin))}`;
    const remedy = /\.[cm]?[jt]s$/.test(name)
      ? `A file is named with its folder: "./${name}".`
      : `npm install ${name}, or name a file: "./${name}.mjs".`;
    throw new VaelabError("PLUGIN", { where, message, remedy });
  }
  return name;
};

const LARGEST_PLUGIN = 64 * 2 ** 20;

/** Read before it is imported: Node would wait for a pipe, and read a device without end. */
const sourceOf = (file: string, where: string): Buffer => {
  try {
    return readRegular(file, LARGEST_PLUGIN);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const what = error.kind === "missing" ? "does not exist" : `cannot be read: ${error.reason}`;
    throw new VaelabError("PLUGIN", { where, message: `the plugin ${showPath(file)} ${what}` }, { cause: error });
  }
};

const loaded = new Map<string, Promise<unknown>>();

const definitionsIn = async (file: string, where: string): Promise<readonly unknown[]> => {
  const url = pathToFileURL(file).href;
  const loading = loaded.get(url) ?? (import(/* @vite-ignore */ url) as Promise<unknown>);
  loaded.set(url, loading);
  let exported: unknown;
  try {
    exported = await loading;
  } catch (error) {
    const message = `the plugin ${showPath(file)} throws while it is loaded: ${firstLine(error)}`;
    throw new VaelabError("PLUGIN", { where, message }, { cause: error });
  }
  const module = isObject(exported) ? exported : {};
  const list = module.definitions ?? module.default;
  if (Array.isArray(list)) return list;
  const what = list === undefined ? "nothing" : describeValue(list);
  throw new VaelabError("PLUGIN", {
    where,
    message: `the plugin ${showPath(file)} exports ${what} where a list of definitions belongs`,
    remedy: "Write: export default [definePrior({ ... })].",
  });
};
