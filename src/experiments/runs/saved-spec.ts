/** The experiment that a run or a sweep was made from, as its own folder says. */
import { join } from "node:path";
import { VaelabError } from "../../errors.js";
import { type Experiment, loadExperimentValue } from "../../registry/experiment.js";
import { contentHash } from "../../registry/plugins/content.js";
import type { Plugin } from "../../registry/plugins/load.js";
import { isObject, readJson } from "../../storage/json.js";
import { RUN_FILES, SWEEP_FILES } from "../../storage/layout.js";
import { chosenHost } from "../plugins/hosts.js";
import { namedPlugins } from "../plugins/named-plugins.js";
import { choosePlugins, namesIn, recordedIn } from "../plugins/saved-plugins.js";
import { trust } from "../plugins/trust.js";
import type { Scope } from "../services/services.js";
import { loadOptions } from "./load-options.js";

/** A file that says where the spec lay, which paths start from. */
const readPlaced = (path: string): Readonly<Record<string, unknown>> & { specFolder: string } => {
  const value = readJson(path);
  if (isObject(value) && typeof value.specFolder === "string") return { ...value, specFolder: value.specFolder };
  throw new VaelabError("RUN_FOLDER", {
    message: '"specFolder" does not say where the spec lay',
    where: path,
    remedy: "Put the folder's own file back.",
  });
};

export interface SavedOptions {
  /** Plugins that the caller names: they are trusted, wherever the folder comes from. */
  plugins?: readonly string[];
  /** Make the components of named plugins that the folder does not know available too. */
  extend?: boolean;
}
export interface Saved {
  /** Paths in the spec start from here. */
  specFolder: string;
  /** With changes to the spec, as PATH=VALUE. @throws what loading a spec throws, naming the folder's file */
  load(changes?: { set?: string[]; add?: string[] }): Promise<Experiment>;
}
export interface SavedRun extends Saved {
  /** What it was trained with: engine, data, versions. */
  provenance: Readonly<Record<string, unknown>>;
}

/** None of a plugin's code runs before `load`. @throws NOT_FOUND, RUN_FOLDER, PLUGIN */
export const openSavedRun = (folder: string, scope: Scope, options: SavedOptions = {}): SavedRun => {
  const provenance = readPlaced(join(folder, RUN_FILES.provenance));
  const where = join(folder, RUN_FILES.resolved);
  return { ...open({ folder, where, spec: readJson(where), placed: provenance, scope }, options), provenance };
};

/** The same for a sweep. */
export const openSavedSweep = (folder: string, scope: Scope, options: SavedOptions = {}): Saved => {
  const where = join(folder, SWEEP_FILES.sweep);
  const placed = readPlaced(where);
  return open({ folder, where, spec: placed.spec, placed, scope }, options);
};

interface Opening {
  folder: string;
  where: string;
  spec: unknown;
  placed: ReturnType<typeof readPlaced>;
  scope: Scope;
}
const open = (
  { folder, where, spec, placed, scope }: Opening,
  { plugins = [], extend = false }: SavedOptions,
): Saved => {
  const { specFolder } = placed;
  const { catalogue, reporter } = scope;
  const named = namedPlugins(plugins);
  for (const plugin of named) trust(plugin, (message) => reporter.event({ type: "warning", message }));
  const chosen = choosePlugins({ folder, where, specFolder, names: namesIn(spec), recorded: recordedIn(placed) });
  const known = chosen.map(contentHash);
  const more = extend ? named.filter((plugin) => !known.includes(contentHash(plugin))) : [];
  const host = chosenHost([...chosen, ...more], reporter, "Start again.");
  const value = withPlugins(spec, [...chosen, ...more]);
  return {
    specFolder,
    load: (changes = {}) =>
      loadExperimentValue(value, { ...loadOptions(changes, catalogue, host), folder: specFolder, where }),
  };
};

/** By the names that they were chosen under. */
const withPlugins = (spec: unknown, plugins: readonly Plugin[]): unknown =>
  isObject(spec) && plugins.length > 0 ? { ...spec, plugins: plugins.map(({ name }) => name) } : spec;
