/**
 * `sweep.random`: n settings drawn from a space by a seed of its own, so that neither the run's seed nor the grid moves them.
 * Each path has a stream: a list gives one of its values; a range a number, evenly in it or in its logarithm. Real numbers are
 * rounded to five digits, which is what a plan shows and a spec can repeat. No two settings are the same.
 */

import { type Stream, stream } from "../../numerics/streams.js";
import { canonicalJson } from "../../storage/json.js";
import type { Finding } from "../checking/diagnostics.js";
import { childPointer } from "../reading/json.js";
import { plain, type Traced, type TracedObject, trace } from "../reading/traced.js";

const DIGITS = 5;
const POINTER = "/sweep/random";

interface Range {
  low: number;
  high: number;
  log: boolean;
  integer: boolean;
}
interface Dimension {
  path: string;
  pointer: string;
  values: readonly Traced[] | Range;
  node: Traced;
}
export interface DrawnAxis {
  path: string;
  pointer: string;
  /** In step: the i-th of every axis is the i-th setting. */
  values: readonly Traced[];
}

const finding = (pointer: string, message: string, remedy: string): Finding => ({
  code: "SPEC_INVALID",
  pointer,
  part: "value",
  message,
  remedy,
});

const spaceOf = (random: TracedObject): Dimension[] => {
  const space = random.entries.get("space");
  if (space?.kind !== "object") return [];
  return [...space.entries].map(([path, node]): Dimension => {
    const pointer = childPointer(`${POINTER}/space`, path);
    if (node.kind === "array") return { path, pointer, node, values: node.items };
    const { low, high, log = false, integer = false } = plain(node) as unknown as Range;
    return { path, pointer, node, values: { low, high, log, integer } };
  });
};

const isRange = (values: Dimension["values"]): values is Range => "low" in values;

const faultsOf = ({ pointer, values }: Dimension): Finding[] => {
  if (!isRange(values)) return [];
  const { low, high, log, integer } = values;
  if (low >= high)
    return [finding(pointer, `the range from ${low} to ${high} is empty`, "low must be less than high.")];
  if (log && low <= 0)
    return [finding(pointer, `a logarithm has no range from ${low}`, "low must be more than 0, or log false.")];
  if (integer && !(Number.isInteger(low) && Number.isInteger(high)))
    return [finding(pointer, `${low} to ${high} are not both whole`, "Give whole numbers, or leave integer out.")];
  return [];
};

const sizeOf = (values: Dimension["values"]): number =>
  !isRange(values)
    ? new Set(values.map((value) => canonicalJson(plain(value)))).size
    : values.integer
      ? values.high - values.low + 1
      : Number.POSITIVE_INFINITY;

const numberIn = ({ low, high, log, integer }: Range, uniform: Stream): number => {
  // A whole number stands for the stretch up to the next one, so that both ends are as likely as the rest.
  const end = integer ? high + 1 : high;
  const u = uniform();
  const value = log ? low * (end / low) ** u : low + u * (end - low);
  const rounded = integer ? Math.floor(value) : Number(value.toPrecision(DIGITS));
  return Math.min(high, Math.max(low, rounded));
};

/** No axes where nothing is drawn. Call it with a sweep that fits its schema. */
export const drawAxes = (sweep: TracedObject): { axes: DrawnAxis[]; findings: Finding[] } => {
  const random = sweep.entries.get("random");
  if (random?.kind !== "object") return { axes: [], findings: [] };
  const { n, seed = 0 } = plain(random) as { n: number; seed?: number };
  const space = spaceOf(random);
  const findings = space.flatMap(faultsOf);
  const size = space.reduce((product, { values }) => product * sizeOf(values), 1);
  if (findings.length === 0 && n > size) {
    const remedy = "Draw fewer, or take all of them by a grid.";
    findings.push(finding(`${POINTER}/n`, `${n} settings are to be drawn from a space of ${size}`, remedy));
  }
  if (findings.length > 0) return { axes: [], findings };
  const streams = space.map(({ path }) => stream(seed, `sweep/random/${path}`));
  const draw = ({ values, node }: Dimension, i: number): Traced =>
    isRange(values)
      ? trace(numberIn(values, streams[i]!), node.origin)
      : values[Math.floor(streams[i]!() * values.length)]!;
  const settings = new Map<string, Traced[]>();
  while (settings.size < n) {
    const setting = space.map(draw);
    const key = canonicalJson(setting.map(plain));
    if (!settings.has(key)) settings.set(key, setting);
  }
  const all = [...settings.values()];
  return { axes: space.map(({ path, pointer }, i) => ({ path, pointer, values: all.map((s) => s[i]!) })), findings };
};
