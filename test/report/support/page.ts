/** What a page holds, taken from its text. */
export const sectionIds = (page: string): string[] =>
  [...page.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1]!);

/** The figure under this heading, from its <h3> to the end of the figure. */
export const figureUnder = (page: string, heading: string): string => {
  const start = page.indexOf(`<h3>${heading}`);
  if (start < 0) throw new Error(`no figure is headed "${heading}"`);
  return page.slice(start, page.indexOf("</figure>", start));
};

/** Centers of the circles of a named mark, in drawing order. */
export const circlesOf = (svg: string, mark: string): { x: number; y: number }[] => {
  const start = svg.indexOf(`role-mark ${mark}_marks"`);
  if (start < 0) throw new Error(`no mark is named "${mark}"`);
  return [...svg.slice(start, svg.indexOf("</g>", start)).matchAll(/<circle cx="([^"]+)" cy="([^"]+)"/g)].map(
    (match) => ({
      x: Number(match[1]),
      y: Number(match[2]),
    }),
  );
};

/** The paths' `d` of a named mark; lines that are drawn apart are in groups of their own. */
export const pathsOf = (svg: string, mark: string): string[] => {
  const groups = svg.split(`role-mark ${mark}_marks"`).slice(1);
  if (groups.length === 0) throw new Error(`no mark is named "${mark}"`);
  return groups.flatMap((group) =>
    [...group.slice(0, group.indexOf("</g>")).matchAll(/<path[^>]* d="([^"]+)"/g)].map((match) => match[1]!),
  );
};

/** The largest distance, in pixels, of the places from the straight line that the first and the farthest value fix. */
export const worstMisplacement = (values: readonly number[], places: readonly number[]): number => {
  if (values.length !== places.length || values.length < 3)
    throw new Error(`${values.length} values, ${places.length} places`);
  const far = values.reduce(
    (best, value, i) => (Math.abs(value - values[0]!) > Math.abs(values[best]! - values[0]!) ? i : best),
    0,
  );
  const slope = (places[far]! - places[0]!) / (values[far]! - values[0]!);
  return Math.max(...values.map((value, i) => Math.abs(places[0]! + slope * (value - values[0]!) - places[i]!)));
};

/** Every address in the page that is not a data URI, a link into the page, or the name of the SVG language. */
export const outsideAddresses = (page: string): string[] => [
  ...[...page.matchAll(/(?:src|href|action|srcset|poster|xlink:href)="([^"]*)"/g)]
    .map((match) => match[1]!)
    .filter((at) => !/^(data:|#)/.test(at)),
  ...[...page.matchAll(/url\(([^)]*)\)/g)].map((match) => match[1]!),
  ...[
    ...page
      .replaceAll('xmlns="http://www.w3.org/2000/svg"', "")
      .matchAll(/(?:https?:)?\/\/[a-z0-9-]+\.[a-z]+[^"\s<]*/gi),
  ].map((match) => match[0]),
  ...[...page.matchAll(/@import[^;]*/g)].map((match) => match[0]),
];
