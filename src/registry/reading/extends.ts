/**
 * Resolves `extends`: merges the named specs from left to right, then the file itself. Relative paths, including those of
 * plugins, resolve from the file that names them; `preset:NAME` is a file in the presets folder.
 */

import { existsSync, readdirSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { type Problem, VaelabError } from "../../errors.js";
import { append } from "../../numerics/lists.js";
import { assertFormat } from "../../storage/format.js";
import { readDocument } from "./document.js";
import { describeValue } from "./json.js";
import { merge } from "./merge.js";
import { suggest } from "./nearest.js";
import {
  folderOf,
  plain,
  showOrigin,
  showPath,
  type Traced,
  type TracedObject,
  withEntry,
  withoutEntry,
} from "./traced.js";

export interface ExtendsOptions {
  /** Folder of the built-in presets. */
  presets?: string;
}

/** Merged spec without `extends`, with absolute plugin paths. @throws NOT_FOUND, SPEC_SYNTAX, SPEC_EXTENDS */
export const readSpec = (file: string, options: ExtendsOptions = {}): TracedObject =>
  follow(objectOf(readDocument(file), showPath(file)), [resolve(file)], options);

/** The same for an in-memory spec; `chain` lists the files that led to it. */
export const follow = (spec: TracedObject, chain: readonly string[], options: ExtendsOptions): TracedObject => {
  const own = locatePlugins(withoutEntry(unversioned(spec), "extends"));
  const written = spec.entries.get("extends");
  if (!written) return own;
  const problems: Problem[] = [];
  let merged: TracedObject | undefined;
  for (const { name, at, folder } of namesIn(written)) {
    try {
      const file = fileOf(name, at, folder, options);
      if (chain.includes(file)) {
        const loop = [...chain.slice(chain.indexOf(file)), file].map((path) => showPath(path)).join(" -> ");
        throw new VaelabError("SPEC_EXTENDS", { where: at, message: `specs extend each other in a loop: ${loop}` });
      }
      const base = follow(objectOf(readDocument(file, "SPEC_EXTENDS", at), at), [...chain, file], options);
      merged = merged ? lay(merged, base) : base;
    } catch (error) {
      if (!(error instanceof VaelabError)) throw error;
      if (error.code !== "SPEC_EXTENDS") throw error;
      append(problems, error.problems);
    }
  }
  if (problems.length) throw new VaelabError("SPEC_EXTENDS", problems);
  return merged ? lay(merged, own) : own;
};

/** Without the format version of a spec that a run or a sweep has kept. @throws FORMAT, RUN_FOLDER */
const unversioned = (spec: TracedObject): TracedObject => {
  const format = spec.entries.get("format");
  if (format) assertFormat(plain(format), showOrigin(format.origin));
  return withoutEntry(spec, "format");
};

/** Plugin lists are concatenated; everything else is merged. */
const lay = (under: TracedObject, over: TracedObject): TracedObject => {
  const merged = merge(under, over) as TracedObject;
  const below = under.entries.get("plugins");
  const above = over.entries.get("plugins");
  if (below?.kind !== "array" || above?.kind !== "array") return merged;
  const names = new Set(below.items.map((item) => item.kind === "scalar" && item.value));
  const added = above.items.filter((item) => item.kind !== "scalar" || !names.has(item.value));
  return withEntry(merged, "plugins", { ...above, items: [...below.items, ...added] });
};

/** Plugins named by a path get an absolute path; packages keep their name. */
export const locatePlugins = (spec: TracedObject): TracedObject => {
  const plugins = spec.entries.get("plugins");
  if (plugins?.kind !== "array") return spec;
  const items = plugins.items.map((item): Traced => {
    if (item.kind !== "scalar" || typeof item.value !== "string" || !isPath(item.value)) return item;
    return { ...item, value: resolve(folderOf(item.origin), item.value) };
  });
  return withEntry(spec, "plugins", { ...plugins, items });
};

/** As in Node, names that start with neither "." nor "/" are packages. */
export const isPath = (name: string): boolean => isAbsolute(name) || /^\.\.?([/\\]|$)/.test(name);

const namesIn = (written: Traced): { name: string; at: string; folder: string }[] => {
  const items = written.kind === "array" ? written.items : [written];
  return items.map((item, index) => {
    const pointer = written.kind === "array" ? `/extends/${index}` : "/extends";
    const at = `${showOrigin(item.origin)}  ${pointer}`;
    if (item.kind === "scalar" && typeof item.value === "string")
      return { name: item.value, at, folder: folderOf(item.origin) };
    const what = describeValue(item.kind === "scalar" ? item.value : item.kind === "array" ? [] : {});
    throw new VaelabError("SPEC_EXTENDS", {
      where: at,
      message: `should be the path of a spec, not ${what}`,
      remedy: 'For example "./base.json" or "preset:beta-vae".',
    });
  });
};

const fileOf = (name: string, at: string, folder: string, { presets }: ExtendsOptions): string => {
  if (!name.startsWith("preset:")) return resolve(folder, name);
  const preset = name.slice("preset:".length);
  const known = presets && existsSync(presets) ? readdirSync(presets).filter((file) => file.endsWith(".json")) : [];
  const names = known.map((file) => basename(file, ".json")).sort();
  if (!presets || !names.includes(preset)) {
    const remedy = suggest(preset, names);
    throw new VaelabError("SPEC_EXTENDS", { where: at, message: `unknown preset ${JSON.stringify(preset)}`, remedy });
  }
  return join(presets, `${preset}.json`);
};

export const objectOf = (node: Traced, where: string): TracedObject => {
  if (node.kind === "object") return node;
  const what = describeValue(node.kind === "array" ? [] : node.value);
  throw new VaelabError("SPEC_INVALID", { where, message: `a spec is an object, not ${what}` });
};
