/** What comes class by class in a run: samples by what they were asked for, examples by their label. */
import type { RunMetrics } from "../../storage/layout.js";
import { CEILING } from "../figures/sample-sets.js";
import { html, type Markup } from "../pages/html.js";
import { figuresByClass, readExamplesByClass } from "../read/by-class.js";
import { contentOf } from "../read/piece.js";
import { examplesByClass, samplesByClass } from "../tables/class-tables.js";

/** The label that samples are asked for by, and that codes are colored by, is the first. */
export const namesOfFirst = (classNames: RunMetrics["classNames"]): readonly string[] | undefined => {
  const [first] = Object.values(classNames ?? {});
  return Array.isArray(first) ? first : undefined;
};

/** Undefined where nothing does. */
export const byClass = (folder: string, { figures, controls, split, classNames }: RunMetrics): Markup | undefined => {
  const asked = samplesByClass(
    figuresByClass(figures),
    figuresByClass(controls?.[CEILING] ?? {}),
    (name) => figures[name]?.unit ?? "",
    namesOfFirst(classNames),
  );
  const examples = [...(contentOf(readExamplesByClass(folder)) ?? [])].map(([field, found]) =>
    examplesByClass(field, found, figures, split, classNames?.[field]),
  );
  if (asked.length + examples.length === 0) return undefined;
  return html`${asked}${examples}<p class="reading">Standard errors are over the samples, or the examples, of a class.</p>`;
};
