/**
 * A sweep's settings: `grid` runs every combination, its first key slowest; inside it `zip` advances in step, and inside that
 * the settings of `random`. Paths are checked by assigning each value. Seeds are not settings: every setting runs with every
 * seed.
 */

import { append } from "../../numerics/lists.js";
import type { Finding } from "../checking/diagnostics.js";
import type { Catalogue } from "../components/catalogue.js";
import type { SchemaNode } from "../components/schema-nodes.js";
import { assign, PathFault } from "../reading/assign.js";
import { childPointer } from "../reading/json.js";
import { originsOf, plain, type Traced, type TracedArray, type TracedObject, withoutEntry } from "../reading/traced.js";
import { drawAxes } from "./random-sweep.js";

export const MOST_TRIALS = 10_000;
/**
 * Maximum number of values in all settings, a few microseconds each. Every setting is a full spec, so longer specs allow
 * fewer.
 */
const MOST_VALUES = 10_000_000;

interface Axis {
  path: string;
  pointer: string;
  values: readonly Traced[];
}
export interface Setting {
  /** Swept paths and their values. */
  choices: Readonly<Record<string, unknown>>;
  /** Merged spec with these values, without the sweep. */
  merged: TracedObject;
}

/** Without a sweep, one setting without choices. The sweep must have passed its schema. */
export const settingsOf = (
  merged: TracedObject,
  schema: SchemaNode,
  catalogue: Catalogue,
): { settings: Setting[]; findings: Finding[] } => {
  const sweep = merged.entries.get("sweep");
  const base = withoutEntry(merged, "sweep");
  if (sweep?.kind !== "object") return { settings: [{ choices: {}, merged: base }], findings: [] };
  const grid = axesIn(sweep, "grid");
  const zip = axesIn(sweep, "zip");
  const random = drawAxes(sweep);
  const findings = [...[...grid, ...zip, ...random.axes].flatMap(faultOfAxis), ...random.findings];
  append(findings, faultsOfShape({ grid, zip, random: random.axes }, seedCount(sweep)));
  if (findings.length) return { settings: [], findings };
  const chosenOfAll = combinations(grid, [zip, random.axes]);
  const size = originsOf(base).size + grid.length + zip.length + random.axes.length;
  if (chosenOfAll.length * size > MOST_VALUES) {
    const message = `${chosenOfAll.length} settings of a spec of ${size} values are too many to plan`;
    const remedy = `At most ${Math.floor(MOST_VALUES / size)} settings of this spec fit.`;
    return { settings: [], findings: [finding("/sweep", message, remedy)] };
  }

  const settings: Setting[] = [];
  for (const chosen of chosenOfAll) {
    // Outer paths are assigned before inner ones.
    const ordered = [...chosen].sort((a, b) => a.axis.path.split(".").length - b.axis.path.split(".").length);
    let spec: Traced | undefined = base;
    for (const { axis, value } of ordered) {
      try {
        spec = spec && assign(spec, schema, { path: axis.path, value, mode: "set" }, catalogue);
      } catch (error) {
        if (!(error instanceof PathFault)) throw error;
        findings.push(finding(axis.pointer, error.message, error.remedy));
        spec = undefined;
      }
    }
    const choices = Object.fromEntries(chosen.map(({ axis, value }) => [axis.path, plain(value)]));
    if (spec) settings.push({ choices, merged: spec as TracedObject });
  }
  return { settings, findings };
};

const finding = (pointer: string, message: string, remedy?: string): Finding => ({
  code: "SPEC_INVALID",
  pointer,
  part: "key",
  message,
  ...(remedy && { remedy }),
});

const axesIn = (sweep: TracedObject, name: "grid" | "zip"): Axis[] => {
  const axes = sweep.entries.get(name);
  if (axes?.kind !== "object") return [];
  return [...axes.entries].map(([path, values]) => ({
    path,
    pointer: childPointer(`/sweep/${name}`, path),
    values: (values as TracedArray).items,
  }));
};

const seedCount = (sweep: TracedObject): number => {
  const seeds = sweep.entries.get("seeds");
  return seeds?.kind === "array" ? seeds.items.length : 1;
};

const UNSWEPT = ["name", "description", "$schema", "extends", "plugins", "sweep"];

const faultOfAxis = ({ path, pointer }: Axis): Finding[] => {
  if (path === "seed")
    return [finding(pointer, "the seed cannot be swept as a setting", 'List seeds in "sweep": { "seeds": [...] }.')];
  const head = path.split(".")[0]!;
  return UNSWEPT.includes(head) ? [finding(pointer, `"${head}" cannot be swept`)] : [];
};

const faultsOfShape = (
  axes: Readonly<Record<"grid" | "zip" | "random", readonly Axis[]>>,
  seeds: number,
): Finding[] => {
  const findings: Finding[] = [];
  const { grid, zip, random } = axes;
  const places = new Map<string, string>();
  for (const [place, own] of Object.entries(axes)) {
    for (const { path, pointer } of own) {
      const earlier = places.get(path);
      if (earlier)
        findings.push(finding(pointer, `"${path}" is both in ${earlier} and in ${place}`, "Keep one of the two."));
      places.set(path, place);
    }
  }
  if (new Set(zip.map(({ values }) => values.length)).size > 1) {
    const lengths = zip.map(({ path, values }) => `"${path}" has ${values.length}`).join(", ");
    findings.push(finding("/sweep/zip", `the lists of a zip must have equal lengths: ${lengths}`));
  }
  const inStep = [zip, random].map(([first]) => first?.values.length ?? 1);
  const trials = [...grid.map(({ values }) => values.length), ...inStep, seeds].reduce((a, b) => a * b);
  if (trials > MOST_TRIALS) {
    findings.push(finding("/sweep", `a sweep of ${trials} trials`, `A sweep has ${MOST_TRIALS} at most.`));
  }
  return findings;
};

type Chosen = readonly { axis: Axis; value: Traced }[];

const combinations = (grid: readonly Axis[], inStep: readonly (readonly Axis[])[]): Chosen[] => {
  const extend = (chosen: Chosen[], axis: Axis): Chosen[] =>
    chosen.flatMap((choice) => axis.values.map((value) => [...choice, { axis, value }]));
  const together = (chosen: Chosen[], axes: readonly Axis[]): Chosen[] => {
    const steps = axes[0]?.values.map((_, i): Chosen => axes.map((axis) => ({ axis, value: axis.values[i]! }))) ?? [[]];
    return chosen.flatMap((choice) => steps.map((step) => [...choice, ...step]));
  };
  return inStep.reduce(together, grid.reduce(extend, [[]]));
};
