/** Trains and evaluates the experiment of a spec: one run, or one run for every setting and seed of its sweep. */
import { createHash } from "node:crypto";
import { loadExperiment, loadExperimentValue } from "../../registry/experiment.js";
import { planTrials, type Trial } from "../../registry/planning/trials.js";
import type { ExperimentSpec } from "../../spec/experiment-schema.js";
import { ownHost } from "../plugins/hosts.js";
import { namedPlugins } from "../plugins/named-plugins.js";
import { trust } from "../plugins/trust.js";
import { newFolder } from "../runs/folders.js";
import { loadOptions } from "../runs/load-options.js";
import type { Reporter } from "../runs/reporter.js";
import { scoped } from "../services/scoped-experiment.js";
import type { LaunchOptions, Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { type Outcome, perform } from "./perform.js";

export interface RunOptions extends LaunchOptions {
  /** A file, or the spec itself. */
  spec: string | ExperimentSpec;
  /** PATH=VALUE, as on the command line. */
  set?: string[];
  add?: string[];
  /** Plugins of runs that this one starts from, in addition to those that the spec names: named here, they are trusted. */
  plugins?: readonly string[];
  /** Output folder; it must be empty or absent. */
  out?: string;
  reporter?: Reporter;
}

/** Names a sweep by the ids of its trials. */
const sweepId = (trials: readonly Trial[]): string =>
  createHash("sha256")
    .update(trials.map((trial) => trial.id).join())
    .digest("hex")
    .slice(0, 12);

export const runExperiment = async (
  { spec, set, add, plugins = [], out, reporter, ...options }: RunOptions,
  outer: Scope = standardScope(),
): Promise<Outcome> => {
  const scope = reportingTo(outer, reporter);
  for (const plugin of namedPlugins(plugins))
    trust(plugin, (message) => scope.reporter.event({ type: "warning", message }));
  const flags = {
    ...loadOptions({ ...(set && { set }), ...(add && { add }) }, scope.catalogue, ownHost(scope.reporter)),
    progress: (name: string) => scope.reporter.event({ type: "phase", name }),
  };
  const experiment =
    typeof spec === "string" ? await loadExperiment(spec, flags) : await loadExperimentValue(spec, flags);
  const trials = planTrials(experiment);
  const { sweep, name } = experiment.spec;
  const folder = sweep ? newFolder("sweeps", name, sweepId(trials), out) : newFolder("runs", name, trials[0]!.id, out);
  return perform(scoped(experiment, scope), { folder, kind: sweep ? "sweep" : "run" }, options);
};
