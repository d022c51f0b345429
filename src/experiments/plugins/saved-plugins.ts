/**
 * Plugins of a saved run or sweep. Its folder may come from anywhere, so it cannot choose code by itself: a plugin is loaded
 * only from a file that the user trusts and whose content matches the recorded hash.
 */
import { VaelabError } from "../../errors.js";
import { contentHash, contentOf } from "../../registry/plugins/content.js";
import type { Plugin } from "../../registry/plugins/load.js";
import { locate } from "../../registry/plugins/locate.js";
import { showPath } from "../../registry/reading/traced.js";
import { isObject, isText } from "../../storage/json.js";
import { trustedFiles } from "./trust.js";

export interface SavedPlugins {
  /** The run's or the sweep's. */
  folder: string;
  /** The file that names them, for messages. */
  where: string;
  /** Paths and packages are found from here. */
  specFolder: string;
  /** The list `plugins` of the spec. */
  names: readonly string[];
  /** What the folder has recorded of them; nothing in those of older versions. */
  recorded: readonly Plugin[];
}

const isRecord = (value: unknown): value is Plugin =>
  isObject(value) &&
  [value.name, value.file, value.sha256].every(isText) &&
  (value.imports === undefined || (isObject(value.imports) && Object.values(value.imports).every(isText)));

/** A list of anything else is left for validation to report, and none of its plugins is loaded. */
export const namesIn = (spec: unknown): string[] =>
  isObject(spec) && Array.isArray(spec.plugins) && spec.plugins.every(isText) ? spec.plugins : [];
export const recordedIn = (value: Readonly<Record<string, unknown>>): Plugin[] =>
  Array.isArray(value.plugins) ? value.plugins.filter(isRecord) : [];

/** Does not run their code. @throws RUN_FOLDER if one has changed, PLUGIN if one is untrusted or missing */
export const choosePlugins = ({ folder, where, specFolder, names, recorded }: SavedPlugins): Plugin[] =>
  names.map((name, index) => {
    const at = `${where}  /plugins/${index}`;
    const record = recorded.find((each) => each.name === name);
    const own = ownFile(name, { where: at, specFolder });
    const isRecorded = (plugin: Plugin): boolean => !record || contentHash(plugin) === contentHash(record);
    if (own.plugin && isRecorded(own.plugin) && isTrusted(own.plugin)) return own.plugin;
    const copy = record && trustedCopy(record, at);
    if (copy) return copy;
    if (!own.plugin) throw absent(own.problem, name, at);
    throw isRecorded(own.plugin) ? untrusted(own.plugin, at) : changed(own.plugin, folder);
  });

const isTrusted = (plugin: Plugin): boolean => trustedFiles(contentHash(plugin)).includes(plugin.file);

/** What lies where the folder says. */
const ownFile = (
  name: string,
  { where, specFolder }: { where: string; specFolder: string },
): { plugin: Plugin; problem?: undefined } | { plugin?: undefined; problem: VaelabError } => {
  try {
    const file = locate({ name, origin: { kind: "code", folder: specFolder, name: where }, where });
    return { plugin: { name, file, ...contentOf(file, where) } };
  } catch (error) {
    if (error instanceof VaelabError && error.code === "PLUGIN") return { problem: error };
    throw error;
  }
};

/** A file that the user trusts and that still holds what is recorded. */
const trustedCopy = (record: Plugin, where: string): Plugin | undefined => {
  for (const file of trustedFiles(contentHash(record))) {
    const { plugin } = ownFile(file, { where, specFolder: "/" });
    if (plugin && contentHash(plugin) === contentHash(record)) return plugin;
  }
  return undefined;
};

const absent = (problem: VaelabError, name: string, where: string): VaelabError =>
  new VaelabError("PLUGIN", [
    ...problem.problems,
    { where, message: `the plugin ${name} is not here`, remedy: "Name a copy that you trust: --plugin FILE" },
  ]);

const untrusted = ({ file }: Plugin, where: string): VaelabError =>
  new VaelabError("PLUGIN", {
    where,
    message: `the plugin ${showPath(file)} is code, and you have neither run a spec with it here nor named it`,
    remedy: `Read it, and if you trust it, name it: --plugin ${showPath(file)}`,
  });

const changed = ({ file }: Plugin, folder: string): VaelabError =>
  new VaelabError("RUN_FOLDER", {
    message: `the plugin ${showPath(file)} is not the one that the run was trained with`,
    where: folder,
    remedy: "Put it back, name an unchanged copy (--plugin FILE), or start a new run.",
  });
