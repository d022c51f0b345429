/**
 * Color of a setting, the same in every chart of a sweep: its place on the ordered scale if one numeric axis was swept
 * (logarithmic if that axis is), otherwise the category of its series or its own.
 */

import { extentOf } from "../../numerics/lists.js";
import type { Setting, Settings } from "../figures/settings.js";
import { category, ramp } from "../pages/palette.js";

/** 0 at the smallest value of the primary axis, 1 at the largest. */
export const fractionOf = ({ primary }: Settings, position: number | null): number => {
  if (!primary || position === null) return 0;
  const scale = (value: number): number => (primary.logarithmic ? Math.log(value) : value);
  const values = primary.values.filter((value) => typeof value === "number").map(scale);
  const [least, most] = extentOf(values);
  return most > least ? (scale(position) - least) / (most - least) : 0;
};

/** By place on the primary axis, for every series. */
export const positionColor = (settings: Settings, setting: Setting): string =>
  settings.primary ? ramp(fractionOf(settings, setting.position)) : category(settings.all.indexOf(setting));

export const settingColor = (settings: Settings, setting: Setting): string =>
  settings.primary && settings.series.length > 1
    ? category(settings.series.indexOf(setting.series))
    : positionColor(settings, setting);

/** Meaning of the color, for captions. */
export const colorMeaning = (settings: Settings): string =>
  !settings.primary
    ? "Colors are settings"
    : settings.series.length > 1
      ? "Colors are series"
      : `Color encodes ${settings.primary.label}${settings.primary.logarithmic ? ", on a log scale" : ""}`;
