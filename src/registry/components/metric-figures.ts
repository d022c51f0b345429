/** Validates the figure declarations of metrics: each is complete, and only one metric declares each figure. */

import type { Declares } from "../../contracts/kinds.js";
import { DIRECTIONS, FAMILY_AXES, SECTIONS } from "../../contracts/measurement.js";
import { type AnyDefinition, typeOf } from "../../spec/define.js";
import { isObject } from "../../storage/json.js";

/** Members of a metric's definition other than its hooks. */
export const DECLARATIONS: readonly string[] = ["figures", "planes"] satisfies (keyof Declares<"metric">)[];

const TEXTS = ["title", "unit", "reading"] as const;
const ONE_OF: Readonly<Record<string, readonly string[]>> = {
  better: DIRECTIONS,
  section: SECTIONS,
};
const OPTIONAL: Readonly<Record<string, readonly string[]>> = { prominence: ["headline", "detail"] };
const isAbsentOr = (value: unknown, type: string): boolean => value === undefined || typeof value === type;

/** Half a sentence on the fault in a figure's declaration. */
const faultOfFigure = (name: string, figure: unknown): string | undefined => {
  const called = `declares the figure ${JSON.stringify(name)}`;
  // Names join with fields, classes and sets of samples: "accuracy.label", "recall/means".
  if (!/^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*$/.test(name)) return `${called}; names are like "squaredError"`;
  if (!isObject(figure)) return `${called} without an object that describes it`;
  const text = TEXTS.find((key) => typeof figure[key] !== "string" || figure[key] === "");
  if (text) return `${called} without "${text}"`;
  const choices = { ...ONE_OF, ...Object.fromEntries(Object.entries(OPTIONAL).filter(([key]) => key in figure)) };
  const wrong = Object.entries(choices).find(([key, allowed]) => !allowed.includes(String(figure[key])));
  if (wrong) return `${called} whose "${wrong[0]}" is none of ${wrong[1].join(", ")}`;
  const { by = [], k, bound, chart } = figure;
  if (!Array.isArray(by) || by.some((axis) => !FAMILY_AXES.some((known) => known === axis)))
    return `${called} whose "by" is no list of ${FAMILY_AXES.join(", ")}`;
  const other = Object.entries({ k, bound, chart }).find(([, value]) => !isAbsentOr(value, "string"));
  return other && `${called} whose "${other[0]}" is not a string`;
};

const isAxis = (axis: unknown): boolean => isObject(axis) && typeof axis.figure === "string";
const isPlane = (plane: unknown): boolean =>
  isObject(plane) && isAxis(plane.x) && isAxis(plane.y) && typeof plane.reading === "string";

/** Half a sentence on the fault in a metric's declarations. Plugins may be untyped. */
export const faultOfFigures = ({ figures, planes }: Readonly<Record<string, unknown>>): string | undefined => {
  if (!isObject(figures) || Object.keys(figures).length === 0)
    return 'declares no "figures": what it measures, by name, as defineMetric takes it';
  for (const [name, figure] of Object.entries(figures)) {
    const fault = faultOfFigure(name, figure);
    if (fault) return fault;
  }
  if (planes !== undefined && !(Array.isArray(planes) && planes.every(isPlane)))
    return 'has "planes" that are no list of { x, y, reading }';
  return undefined;
};

/** The first figure that another metric also declares, and that metric. */
export const claimedFigure = <E extends { readonly definition: AnyDefinition }>(
  definition: AnyDefinition,
  others: Iterable<E>,
): { figure: string; by: E } | undefined => {
  if (definition.kind !== "metric") return undefined;
  const own = Object.keys(definition.figures);
  for (const by of others) {
    if (by.definition.kind !== "metric" || typeOf(by.definition) === typeOf(definition)) continue;
    const theirs = by.definition.figures;
    const figure = own.find((name) => Object.hasOwn(theirs, name));
    if (figure !== undefined) return { figure, by };
  }
  return undefined;
};
