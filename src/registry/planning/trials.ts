/** The exact list of what an experiment will run: every setting with every seed, each under the hash of what it is. */
import { createHash } from "node:crypto";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { canonicalJson, isObject } from "../../storage/json.js";
import type { PlannedTrial } from "../../storage/layout.js";
import type { Experiment } from "../experiment.js";
import { contentHash } from "../plugins/content.js";
import type { Plugin } from "../plugins/load.js";
import { deepFreeze } from "../reading/json.js";

export interface Trial extends PlannedTrial {
  /** Without sweep, its seed set. Frozen. */
  spec: ResolvedSpec;
  /** What was written, with this trial's choices, before defaults. */
  written: unknown;
}

/** Settings in the order of the sweep, seeds fastest. */
export const planTrials = ({ spec, settings, plugins }: Experiment): Trial[] => {
  const seeds = spec.sweep?.seeds;
  return settings.flatMap((setting) =>
    (seeds ?? [spec.seed]).map((seed) => {
      const { sweep: _, ...rest } = setting.spec;
      const trial = { ...rest, seed: seeds ? seed : setting.spec.seed };
      const written = isObject(setting.written) ? setting.written : {};
      return {
        id: trialId(trial, plugins),
        choices: seeds ? { ...setting.choices, seed } : setting.choices,
        seed: trial.seed,
        spec: deepFreeze(trial),
        written: deepFreeze({ ...written, seed: trial.seed }),
      };
    }),
  );
};

/** How many `planTrials` gives. */
export const trialCount = ({ spec, settings }: Experiment): number =>
  settings.length * (spec.sweep?.seeds?.length ?? 1);

/** What names and describes a run changes nothing that it computes; a plugin is what its file holds, not where it lies. */
const UNHASHED = ["name", "description", "$schema", "extends", "plugins", "sweep"];

export const trialId = (spec: ResolvedSpec, plugins: readonly Plugin[]): string => {
  const computed = Object.entries(spec).filter(([key]) => !UNHASHED.includes(key));
  const content = { ...Object.fromEntries(computed), plugins: plugins.map(contentHash) };
  return createHash("sha256").update(canonicalJson(content)).digest("hex").slice(0, 12);
};
