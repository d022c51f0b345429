/**
 * `sweep.random`: n distinct settings drawn from a space with a separate seed, independent of the run's seed and of the grid.
 * Each path has its own stream: a list yields one of its values, a range a number that is uniform in it or in its logarithm.
 * Real numbers are rounded to five digits, so that a plan can show them and a spec can repeat them.
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
  /** For a list, maps each index to the first index with an equal value. */
  equals: readonly number[];
  node: Traced;
}
export interface DrawnAxis {
  path: string;
  pointer: string;
  /** Zipped: the i-th setting takes the i-th value of every axis. */
  values: readonly Traced[];
}

const finding = (pointer: string, message: string, remedy: string): Finding => ({
  code: "SPEC_INVALID",
  pointer,
  part: "value",
  message,
  remedy,
});

const firstEquals = (items: readonly Traced[]): number[] => {
  const first = new Map<string, number>();
  return items.map((item, i) => {
    const content = canonicalJson(plain(item));
    if (!first.has(content)) first.set(content, i);
    return first.get(content)!;
  });
};

const spaceOf = (random: TracedObject): Dimension[] => {
  const space = random.entries.get("space");
  if (space?.kind !== "object") return [];
  return [...space.entries].map(([path, node]): Dimension => {
    const pointer = childPointer(`${POINTER}/space`, path);
    if (node.kind === "array") return { path, pointer, node, values: node.items, equals: firstEquals(node.items) };
    const { low, high, log = false, integer = false } = plain(node) as unknown as Range;
    return { path, pointer, node, values: { low, high, log, integer }, equals: [] };
  });
};

const isRange = (values: Dimension["values"]): values is Range => "low" in values;

const faultsOf = ({ pointer, values }: Dimension): Finding[] => {
  if (!isRange(values)) return [];
  const { low, high, log, integer } = values;
  if (low >= high) return [finding(pointer, `the range from ${low} to ${high} is empty`, "Set low below high.")];
  if (log && low <= 0)
    return [finding(pointer, `a logarithmic range cannot start at ${low}`, "Set low above 0, or log to false.")];
  if (integer && !(Number.isInteger(low) && Number.isInteger(high)))
    return [finding(pointer, `${low} and ${high} are not both integers`, 'Give integers, or remove "integer".')];
  return [];
};

const sizeOf = ({ values, equals }: Dimension): number =>
  !isRange(values) ? new Set(equals).size : values.integer ? values.high - values.low + 1 : Number.POSITIVE_INFINITY;

const numberIn = ({ low, high, log, integer }: Range, uniform: Stream): number => {
  // Each integer covers the interval up to the next one, so that both ends are as likely as the others.
  const end = integer ? high + 1 : high;
  const u = uniform();
  // The ratio or difference of two finite ends can overflow.
  const [ratio, difference] = [end / low, end - low];
  const value = log
    ? Number.isFinite(ratio)
      ? low * ratio ** u
      : Math.exp(Math.log(low) * (1 - u) + Math.log(end) * u)
    : Number.isFinite(difference)
      ? low + u * difference
      : low * (1 - u) + end * u;
  const rounded = integer ? Math.floor(value) : Number(value.toPrecision(DIGITS));
  return Math.min(high, Math.max(low, rounded));
};

/**
 * Consecutive draws without a new setting after which the space counts as exhausted. Ranges hold fewer numbers than their
 * ends suggest: with five digits, [0.99999, 1] holds two.
 */
const MOST_MISSES = 100_000;
/** Maximum number of values drawn in total. */
const MOST_DRAWS = 1_000_000;

/** Returns no axes if nothing is drawn. The sweep must have passed its schema. */
export const drawAxes = (sweep: TracedObject): { axes: DrawnAxis[]; findings: Finding[] } => {
  const random = sweep.entries.get("random");
  if (random?.kind !== "object") return { axes: [], findings: [] };
  const { n, seed = 0 } = plain(random) as { n: number; seed?: number };
  const space = spaceOf(random);
  const findings = space.flatMap(faultsOf);
  const size = space.reduce((product, dimension) => product * sizeOf(dimension), 1);
  if (findings.length === 0 && n > size) {
    const remedy = "Draw fewer, or run all of them with a grid.";
    findings.push(finding(`${POINTER}/n`, `cannot draw ${n} distinct settings from a space of ${size}`, remedy));
  }
  if (findings.length === 0 && n * space.length > MOST_DRAWS) {
    const message = `${n} settings of ${space.length} paths are ${n * space.length} numbers to draw`;
    findings.push(finding(`${POINTER}/n`, message, `At most ${MOST_DRAWS} are drawn.`));
  }
  if (findings.length > 0) return { axes: [], findings };
  const streams = space.map(({ path }) => stream(seed, `sweep/random/${path}`));
  /** Drawn values by key: a number for a range, an index for a list. */
  const settings = new Map<string, readonly number[]>();
  for (let misses = 0; settings.size < n && misses < MOST_MISSES; ) {
    const drawn = space.map(({ values }, i) =>
      isRange(values) ? numberIn(values, streams[i]!) : Math.floor(streams[i]!() * values.length),
    );
    const key = drawn.map((value, i) => space[i]!.equals[value] ?? value).join();
    misses = settings.has(key) ? misses + 1 : 0;
    if (misses === 0) settings.set(key, drawn);
  }
  if (settings.size < n) {
    const message = `only ${settings.size} distinct settings were found, but ${n} are requested`;
    return {
      axes: [],
      findings: [
        finding(`${POINTER}/n`, message, `Numbers are rounded to ${DIGITS} digits: widen the ranges, or draw fewer.`),
      ],
    };
  }
  const all = [...settings.values()];
  const axes = space.map(({ path, pointer, values, node }, i) => ({
    path,
    pointer,
    values: all.map((drawn) => (isRange(values) ? trace(drawn[i]!, node.origin) : values[drawn[i]!]!)),
  }));
  return { axes, findings };
};
