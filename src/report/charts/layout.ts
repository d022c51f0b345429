/** What several charts need of scales and legends so that odd data (constants, long names) still fit. */
import { extentOf, maximum } from "../../numerics/lists.js";

/** A vertical scale; values that are all the same need a range of their own: there is none to draw them in. */
export const scaleFor = (values: readonly number[]): { zero: false; domain?: [number, number] } => {
  const [least, most] = extentOf(values);
  const room = least === 0 ? 1 : Math.abs(least) * 0.5;
  return { zero: false, ...(least === most && { domain: [least - room, least + room] }) };
};

/** A legend above the chart, in as many columns as names of this length leave room for. */
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
