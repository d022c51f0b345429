/** Trials of an experiment: every setting with every seed, identified by the hash of its content. */
import { createHash } from "node:crypto";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { canonicalJson, isObject } from "../../storage/json.js";
import type { PlannedTrial } from "../../storage/layout.js";
import type { Experiment } from "../experiment.js";
import { contentHash } from "../plugins/content.js";
import type { Plugin } from "../plugins/load.js";
import { deepFreeze } from "../reading/json.js";

export interface Trial extends PlannedTrial {
  /** Without the sweep, with its seed set. Frozen. */
  spec: ResolvedSpec;
  /** The written spec with this trial's choices, before defaults. */
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

/** Number of trials that `planTrials` returns. */
export const trialCount = ({ spec, settings }: Experiment): number =>
  settings.length * (spec.sweep?.seeds?.length ?? 1);

/** Names and descriptions do not affect results, and plugins are identified by content, not by path. */
const UNHASHED = ["name", "description", "$schema", "extends", "plugins", "sweep"];

export const trialId = (spec: ResolvedSpec, plugins: readonly Plugin[]): string => {
  const computed = Object.entries(spec).filter(([key]) => !UNHASHED.includes(key));
  const content = { ...Object.fromEntries(computed), plugins: plugins.map(contentHash) };
  return createHash("sha256").update(canonicalJson(content)).digest("hex").slice(0, 12);
};
