/** Formats figures with as many digits as the interval supports, and with an ASCII minus sign, so that they can be copied. */

/** Decimals that show `size` to two significant digits, at most six. */
const decimalsFor = (size: number): number =>
  size > 0 ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(size)))) : 2;

/** A number alone: four significant digits, counts and whole numbers whole, very large and small ones by powers of ten. */
export const formatNumber = (value: number): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(2);
  return value.toFixed(Math.min(6, Math.max(size >= 1000 ? 1 : 0, 3 - Math.floor(Math.log10(size)))));
};

/** A figure of a table: nats to two decimals, fractions and ratios to three, the rest as they need. */
export const formatFigure = (value: number, unit: string): string => {
  const size = Math.abs(value);
  if (unit === "nats" && size >= 0.01 && size < 1e6) return value.toFixed(2);
  const isShare = unit === "fraction" || unit === "ratio";
  if (isShare && size >= 0.001 && size < 1e3 && !Number.isInteger(value)) return value.toFixed(3);
  return formatNumber(value);
};

/** A standard error with two significant digits; "" if it is not a finite number. */
export const formatError = (error: number | null | undefined): string =>
  typeof error === "number" && Number.isFinite(error) ? error.toFixed(decimalsFor(error)) : "";

export interface Spread {
  mean: number;
  low: number | null;
  high: number | null;
}
/** Half the length of an interval, all of which are symmetric here; null if there is none. */
export const halfInterval = ({ low, high }: Spread): number | null =>
  low === null || high === null ? null : (high - low) / 2;

/** Decimals for a column, from two significant digits of its median interval; undefined without intervals. */
export const columnDecimals = (column: readonly Spread[]): number | undefined => {
  const halves = column
    .map(halfInterval)
    .filter((half) => half !== null && Number.isFinite(half) && half > 0) as number[];
  const median = halves.sort((a, b) => a - b)[halves.length >> 1];
  return median === undefined ? undefined : decimalsFor(median);
};

/** Mean and half-interval with the same decimals: ["104.31", "0.42"]; the second is null without an interval. */
export const formatSpread = (
  spread: Spread,
  unit: string,
  decimals = columnDecimals([spread]),
): [string, string | null] => {
  const half = halfInterval(spread);
  if (half === null || !Number.isFinite(half))
    return [decimals === undefined ? formatFigure(spread.mean, unit) : spread.mean.toFixed(decimals), null];
  if (decimals === undefined) return [formatFigure(spread.mean, unit), formatNumber(half)];
  return [spread.mean.toFixed(decimals), half.toFixed(decimals)];
};

export const formatSpreadText = (spread: Spread, unit: string): string => {
  const [mean, half] = formatSpread(spread, unit);
  return half === null ? mean : `${mean} ± ${half}`;
};

/** "2 h 3 min", "41 s": between two ISO 8601 times; null where either cannot be read. */
export const formatDuration = (from: string, to: string): string | null => {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  if (!Number.isFinite(seconds) || seconds < 0) return null;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "a, b and c". */
export const joinWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** "100" or "80 to 100": the distinct values of a count over several results. */
export const formatRange = (values: Iterable<number>): string => {
  const all = [...new Set(values)].sort((a, b) => a - b);
  return all.length < 2 ? all.map(String).join("") : `${all[0]} to ${all[all.length - 1]}`;
};
