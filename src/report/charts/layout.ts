/** Scales and legends shared by charts, robust to constants and long names. */
import { extentOf, maximum } from "../../numerics/lists.js";

/** A vertical scale. Constant values get an artificial range, because their own is empty. */
export const scaleFor = (values: readonly number[]): { zero: false; domain?: [number, number] } => {
  const [least, most] = extentOf(values);
  const room = least === 0 ? 1 : Math.abs(least) * 0.5;
  return { zero: false, ...(least === most && { domain: [least - room, least + room] }) };
};

/** A legend above the chart, in as many columns as names of this length allow. */
export const legendAbove = (
  names: readonly string[],
  width: number,
): { title: null; orient: "top"; columns: number; labelLimit: number; symbolLimit: number } => {
  const longest = maximum(names.map((name) => name.length));
  const column = 34 + Math.min(longest * 6.5, width - 40);
  return {
    title: null,
    orient: "top",
    columns: Math.max(1, Math.floor(width / column)),
    labelLimit: width - 40,
    symbolLimit: 40,
  };
};
