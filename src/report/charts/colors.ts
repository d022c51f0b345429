/**
 * Which color a setting has, the same in every chart of a sweep: its place on the ordered scale where one numeric axis was
 * swept (by the logarithm where that axis is logarithmic), otherwise its series' or its own category.
 */

import { extentOf } from "../../numerics/lists.js";
import type { Setting, Settings } from "../figures/settings.js";
import { category, ramp } from "../pages/palette.js";

/** 0 at the least value of the primary axis, 1 at the largest. */
export const fractionOf = ({ primary }: Settings, position: number | null): number => {
  if (!primary || position === null) return 0;
  const scale = (value: number): number => (primary.logarithmic ? Math.log(value) : value);
  const values = primary.values.filter((value) => typeof value === "number").map(scale);
  const [least, most] = extentOf(values);
  return most > least ? (scale(position) - least) / (most - least) : 0;
};

/** By place on the primary axis, whatever the series. */
export const positionColor = (settings: Settings, setting: Setting): string =>
  settings.primary ? ramp(fractionOf(settings, setting.position)) : category(settings.all.indexOf(setting));

export const settingColor = (settings: Settings, setting: Setting): string =>
  settings.primary && settings.series.length > 1
    ? category(settings.series.indexOf(setting.series))
    : positionColor(settings, setting);

/** For a caption: what the color says. */
export const colorMeaning = (settings: Settings): string =>
  !settings.primary
    ? "Color tells the settings apart"
    : settings.series.length > 1
      ? "Color tells the series apart"
      : `Color runs with ${settings.primary.label}${settings.primary.logarithmic ? ", on a log scale" : ""}`;
