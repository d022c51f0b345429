/**
 * The colors of the charts, as CSS variables: an SVG that says fill="var(--category-3)" follows the reader's light, dark or
 * print setting without being drawn again. Categories are Okabe and Ito's and Tol's, told apart by the color-blind; ordered
 * values use viridis, cut at the end that would vanish into the page; heat runs from the page's own color to a deep one.
 */
const CATEGORIES = {
  light: ["#0072b2", "#d55e00", "#00875a", "#b8458f", "#a67c00", "#4b3bb3", "#2e9ec9", "#8a3b12", "#5c6670", "#6b8e23"],
  dark: ["#56b4e9", "#f08a4b", "#2fc796", "#e58fc4", "#e6c229", "#a79bff", "#8fdcf5", "#d99a6c", "#aab4be", "#b5cf6b"],
} as const;
const VIRIDIS = [
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
];
const HEAT = {
  light: ["#f6f7f9", "#c6dbef", "#6baed6", "#2171b5", "#08306b"],
  dark: ["#1b2027", "#1d3f5f", "#2b75a8", "#6fb7e0", "#e6f4ff"],
};

export const RAMP_STEPS = 24;
const CATEGORY_COUNT = CATEGORIES.light.length;

export const category = (index: number): string => `var(--category-${index % CATEGORY_COUNT})`;
const step = (fraction: number): number => Math.round(Math.min(1, Math.max(0, fraction)) * (RAMP_STEPS - 1));
/** Color on the ordered scale. @param fraction between 0 and 1 */
export const ramp = (fraction: number): string => `var(--ramp-${step(fraction)})`;
/** Color of a heat map. @param fraction between 0 (the color of the page) and 1 */
export const heat = (fraction: number): string => `var(--heat-${step(fraction)})`;

const channels = (hex: string): number[] => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
const mix = (colors: readonly string[], at: number): string => {
  const place = at * (colors.length - 1);
  const from = Math.min(colors.length - 2, Math.floor(place));
  const [a, b] = [channels(colors[from] ?? "#000000"), channels(colors[from + 1] ?? "#000000")];
  return `#${a
    .map((v, i) =>
      Math.round(v + ((b[i] ?? v) - v) * (place - from))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
};

/** The declarations of one theme. On white the yellow end of viridis is left out, on black the violet one. */
export const paletteVariables = (theme: "light" | "dark"): string => {
  const [start, end] = theme === "light" ? [0, 0.82] : [0.28, 1];
  const steps = Array.from({ length: RAMP_STEPS }, (_, i) => i / (RAMP_STEPS - 1));
  return [
    ...CATEGORIES[theme].map((color, i) => `--category-${i}:${color}`),
    ...steps.map((at, i) => `--ramp-${i}:${mix(VIRIDIS, start + at * (end - start))}`),
    ...steps.map((at, i) => `--heat-${i}:${mix(HEAT[theme], at)}`),
  ].join(";");
};
