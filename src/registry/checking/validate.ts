/** Validates an experiment including its sweep, and reports every error once, all at the same time. */
import type { DatasetDescription } from "../../contracts/index.js";
import { type Problem, VaelabError } from "../../errors.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { canonicalJson } from "../../storage/json.js";
import type { Catalogue } from "../components/catalogue.js";
import { settingsOf } from "../planning/sweep.js";
import { within } from "../reading/json.js";
import { type Origin, type Origins, plain, type TracedObject } from "../reading/traced.js";
import { type Finding, locate, pointerOf, writtenPointer } from "./diagnostics.js";
import { experimentNode, type Place, resolveSpec } from "./resolve-spec.js";

/** One resolved combination of a sweep's values. An experiment without a sweep has one, without choices. */
export interface ResolvedSetting {
  choices: Readonly<Record<string, unknown>>;
  spec: ResolvedSpec;
  /** The merged spec before defaults. */
  written: unknown;
}
export interface ValidExperiment {
  spec: ResolvedSpec;
  settings: readonly ResolvedSetting[];
  origins: Origins;
  /** Description of the data set, if available before reading. */
  data?: DatasetDescription;
}
export type Validation =
  | ({ problems: readonly [] } & ValidExperiment)
  | { problems: readonly Problem[]; code: Finding["code"]; origins: Origins };

export type DataOf = Omit<Place, "inspections" | "progress">;

/** Faults after which no further setting of a sweep is checked: most would repeat those of the settings before. */
const MOST_FAULTS = 10_000;

export const validateExperiment = (
  merged: TracedObject,
  catalogue: Catalogue,
  of: DataOf,
  progress?: Place["progress"],
): Validation => {
  const place: Place = { ...of, progress, inspections: new Map() };
  const base = resolveSpec(merged, catalogue, place);
  const seen = new Map<string, { problem: Problem; code: Finding["code"] }>();
  let faults = 0;
  const report = (finding: Finding, origins: Origins, setting = ""): void => {
    faults++;
    const problem = locate(finding, origins);
    const key = `${problem.where}\n${problem.message}`;
    if (seen.has(key)) return;
    seen.set(key, { code: finding.code, problem: { ...problem, message: problem.message + setting } });
  };
  for (const finding of base.findings) report(finding, base.origins);

  const settings: ResolvedSetting[] = [];
  if (!merged.entries.has("sweep")) {
    if (base.spec) settings.push({ choices: {}, spec: base.spec, written: plain(merged) });
  } else if (!base.findings.some(({ pointer }) => within(pointer, "/sweep"))) {
    const sweep = settingsOf(merged, experimentNode, catalogue);
    for (const finding of sweep.findings) report(finding, base.origins);
    const known = new Map<string, string>();
    for (const [index, { choices, merged: chosen }] of sweep.settings.entries()) {
      if (faults > MOST_FAULTS) {
        const message = `only ${index} of ${sweep.settings.length} settings were checked, because there are so many faults`;
        report({ code: "SPEC_INVALID", pointer: "/sweep", message, remedy: "Correct these first." }, base.origins);
        break;
      }
      const { spec, findings, origins } = resolveSpec(chosen, catalogue, place);
      const label = Object.entries(choices)
        .map(([path, value]) => `${path} = ${canonicalJson(value)}`)
        .join(", ");
      for (const finding of findings) {
        const swept = originOf(finding, origins) !== originOf(finding, base.origins);
        report(finding, origins, swept || !label ? "" : ` (with ${label})`);
      }
      if (!spec) continue;
      const content = canonicalJson(spec);
      const same = known.get(content);
      if (same !== undefined) {
        const message = `two trials are identical: ${same}, and ${label}`;
        report({ code: "SPEC_INVALID", pointer: "/sweep", message, remedy: "Keep one of the two." }, base.origins);
      }
      known.set(content, label);
      settings.push({ choices, spec, written: plain(chosen) });
    }
  }
  const found = [...seen.values()];
  if (found.length || !base.spec) {
    const code = found.some((entry) => entry.code === "SPEC_INVALID") ? "SPEC_INVALID" : "SPEC_COMBINATION";
    return { problems: found.map(({ problem }) => problem), code, origins: base.origins };
  }
  const data = place.inspections.get(canonicalJson(base.spec.data))?.description;
  return { problems: [], spec: base.spec, settings, origins: base.origins, ...(data && { data }) };
};

const originOf = (finding: Finding, origins: Origins): Origin | undefined =>
  origins.get(writtenPointer(pointerOf(finding, origins), origins));

/** @throws SPEC_INVALID or SPEC_COMBINATION with every problem */
export const requireValid = (...args: Parameters<typeof validateExperiment>): ValidExperiment => {
  const validation = validateExperiment(...args);
  if ("code" in validation) throw new VaelabError(validation.code, validation.problems);
  return validation;
};
