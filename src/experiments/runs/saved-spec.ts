/** The experiment of a run or sweep, read from its folder. */
import { join } from "node:path";
import type { DataPlace, DatasetDescription } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { type Experiment, loadExperimentValue } from "../../registry/experiment.js";
import { contentHash } from "../../registry/plugins/content.js";
import type { Plugin } from "../../registry/plugins/load.js";
import { dataPlaceOf } from "../../storage/data-place.js";
import { readVersioned } from "../../storage/format.js";
import { isObject } from "../../storage/json.js";
import { RUN_FILES, SWEEP_FILES } from "../../storage/layout.js";
import { chosenHost } from "../plugins/hosts.js";
import { namedPlugins } from "../plugins/named-plugins.js";
import { choosePlugins, namesIn, recordedIn } from "../plugins/saved-plugins.js";
import { trust } from "../plugins/trust.js";
import type { Scope } from "../services/services.js";
import { loadOptions } from "./load-options.js";

interface Placed {
  /** The whole file. */
  value: Readonly<Record<string, unknown>>;
  /** Where the spec lay, which its plugins start from. */
  specFolder: string;
  place: DataPlace;
}

/** A file that says where the spec lay, and where its data lie now. */
const readPlaced = (folder: string, file: string, dataFolder: string | undefined): Placed => {
  const path = join(folder, file);
  const value = readVersioned(path);
  const place = isObject(value) ? dataPlaceOf(folder, value, dataFolder) : undefined;
  if (isObject(value) && place) return { value, specFolder: String(value.specFolder), place };
  throw new VaelabError("RUN_FOLDER", {
    message: '"specFolder" does not say where the spec lay',
    where: path,
    remedy: "Restore the original file.",
  });
};

export interface SavedOptions {
  /** Plugins that the caller names: they are trusted, wherever the folder comes from. */
  plugins?: readonly string[];
  /** Make the components of named plugins that the folder does not know available too. */
  extend?: boolean;
  /** What the data hold, where they need not be looked at. */
  description?: DatasetDescription | undefined;
  /** Where the caller says that the data lie. */
  dataFolder?: string | undefined;
}
export interface Saved {
  place: DataPlace;
  /** With changes to the spec, as PATH=VALUE. @throws what loading a spec throws, naming the folder's file */
  load(changes?: { set?: string[]; add?: string[] }): Promise<Experiment>;
}
export interface SavedRun extends Saved {
  /** What it was trained with: engine, data, versions. */
  provenance: Readonly<Record<string, unknown>>;
}

/** None of a plugin's code runs before `load`. @throws NOT_FOUND, RUN_FOLDER, FORMAT, PLUGIN */
export const openSavedRun = (folder: string, scope: Scope, options: SavedOptions = {}): SavedRun => {
  const placed = readPlaced(folder, RUN_FILES.provenance, options.dataFolder);
  const where = join(folder, RUN_FILES.resolved);
  const saved = open({ folder, where, spec: readVersioned(where), placed, isResolved: true, scope }, options);
  return { ...saved, provenance: placed.value };
};

/** The same for a sweep. */
export const openSavedSweep = (folder: string, scope: Scope, options: SavedOptions = {}): Saved => {
  const where = join(folder, SWEEP_FILES.sweep);
  const placed = readPlaced(folder, SWEEP_FILES.sweep, options.dataFolder);
  return open({ folder, where, spec: placed.value.spec, placed, isResolved: false, scope }, options);
};

interface Opening {
  folder: string;
  where: string;
  spec: unknown;
  placed: Placed;
  isResolved: boolean;
  scope: Scope;
}
const open = (
  { folder, where, spec, placed, isResolved, scope }: Opening,
  { plugins = [], extend = false, description }: SavedOptions,
): Saved => {
  const { specFolder, place } = placed;
  const { catalogue, reporter } = scope;
  const named = namedPlugins(plugins);
  for (const plugin of named) trust(plugin, (message) => reporter.event({ type: "warning", message }));
  const chosen = choosePlugins({ folder, where, specFolder, names: namesIn(spec), recorded: recordedIn(placed.value) });
  const known = chosen.map(contentHash);
  const more = extend ? named.filter((plugin) => !known.includes(contentHash(plugin))) : [];
  const host = chosenHost([...chosen, ...more], reporter, "Start again.");
  const value = withPlugins(spec, [...chosen, ...more]);
  return {
    place,
    load: (changes = {}) =>
      loadExperimentValue(value, {
        ...loadOptions(changes, catalogue, host),
        folder: specFolder,
        where,
        saved: { data: place, isResolved, ...(description && { description }) },
      }),
  };
};

/** By the names that they were chosen under. */
const withPlugins = (spec: unknown, plugins: readonly Plugin[]): unknown =>
  isObject(spec) && plugins.length > 0 ? { ...spec, plugins: plugins.map(({ name }) => name) } : spec;
