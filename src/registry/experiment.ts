/**
 * Loads a spec file and flags into an experiment that can be planned, built and run.
 *
 *     file ─ extends ─► merged ─ plugins ─► catalogue ─ flags ─► written ─ validate ─► resolved spec, one setting a choice
 */
import { dirname, resolve } from "node:path";
import type { DataPlace, DatasetDescription } from "../contracts/index.js";
import { firstLine, VaelabError } from "../errors.js";
import type { ResolvedSpec } from "../spec/experiment-schema.js";
import { experimentNode } from "./checking/resolve-spec.js";
import { type DataOf, type ResolvedSetting, requireValid } from "./checking/validate.js";
import type { Catalogue } from "./components/catalogue.js";
import { loadPlugins, type Plugin, type PluginHost } from "./plugins/load.js";
import type { PluginServices } from "./plugins/services.js";
import { parseTraced } from "./reading/document.js";
import { type ExtendsOptions, follow, objectOf, readSpec } from "./reading/extends.js";
import { applyFlags, type Flags, isPluginFlag, parseFlags } from "./reading/flags.js";
import { GIVEN, type Origins, plain, type TracedObject } from "./reading/traced.js";

export interface LoadOptions extends ExtendsOptions, Flags {
  /** The built-in components. */
  catalogue: Catalogue;
  /** Receives one-line progress of slow data reading. */
  progress?: (line: string) => void;
  /** Default: admits every plugin and imports it like Node. */
  host?: PluginHost;
  /** For the spec stored by a run or sweep: location of its data, and known content. */
  saved?: DataOf;
}
export interface Experiment {
  /** Folder of the spec file, or the given folder of an in-memory spec. */
  folder: string;
  file?: string;
  /** Including the sweep. Frozen. */
  spec: ResolvedSpec;
  /** The merged spec with flags applied, before defaults. */
  written: unknown;
  /** Origin of each value, by pointer into `spec`. Values without an origin are defaults. */
  origins: Origins;
  /** Including the plugins of the spec. */
  catalogue: Catalogue;
  plugins: readonly Plugin[];
  /** Services that those replace. */
  services: readonly PluginServices[];
  /** Without a sweep, one setting without choices. */
  settings: readonly ResolvedSetting[];
  /** Location of the data: the spec's folder, unless they have moved. */
  place: DataPlace;
  /** What the data set of `spec` holds, as far as it says so before it is read. */
  data?: DatasetDescription;
}

/** @throws NOT_FOUND, SPEC_SYNTAX, SPEC_EXTENDS, SPEC_FLAG, PLUGIN, SPEC_INVALID, SPEC_COMBINATION */
export const loadExperiment = async (file: string, options: LoadOptions): Promise<Experiment> =>
  complete(readSpec(file, options), { folder: dirname(resolve(file)), file: resolve(file) }, options);

/** The same for a spec built by a program; relative paths start from `folder`, and errors name the spec as `where`. */
export const loadExperimentValue = async (
  value: unknown,
  options: LoadOptions & { folder?: string; where?: string },
): Promise<Experiment> => {
  const folder = options.folder ?? process.cwd();
  const where = options.where ?? GIVEN;
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (key, inner: unknown) => {
      if (typeof inner === "number" && !Number.isFinite(inner)) throw new TypeError(`"${key}" is ${inner}`);
      if (typeof inner === "function" || typeof inner === "symbol")
        throw new TypeError(`"${key}" is a ${typeof inner}`);
      return inner;
    });
  } catch (cause) {
    const message = `a spec can hold only JSON values: ${firstLine(cause)}`;
    throw new VaelabError("SPEC_SYNTAX", { where, message }, { cause });
  }
  const spec = parseTraced(
    text ?? "null",
    () => ({ kind: "code", folder, name: where }),
    () => where,
  );
  return complete(follow(objectOf(spec, where), [], options), { folder }, options);
};

const complete = async (
  merged: TracedObject,
  place: { folder: string; file?: string },
  options: LoadOptions,
): Promise<Experiment> => {
  const flags = parseFlags({ ...options, folder: process.cwd() });
  const named = applyFlags(merged, flags.filter(isPluginFlag), experimentNode, options.catalogue);
  const { catalogue, plugins, services } = await loadPlugins(named, options.catalogue, options.host);
  const others = flags.filter((flag) => !isPluginFlag(flag));
  const written = applyFlags(named, others, experimentNode, catalogue);
  const of = options.saved ?? { data: { folder: place.folder } };
  const valid = requireValid(written, catalogue, of, options.progress);
  return { ...place, ...valid, place: of.data, written: plain(written), catalogue, plugins, services };
};
