/** Figures by class of a run: samples by requested class, examples by label. */
import type { RunMetrics } from "../../storage/layout.js";
import { CEILING } from "../figures/sample-sets.js";
import { html, type Markup } from "../pages/html.js";
import { measuredByClass, readExamplesByClass } from "../read/by-class.js";
import { contentOf } from "../read/piece.js";
import { examplesByClass, samplesByClass } from "../tables/class-tables.js";

/** Class names of the first label, which colors the codes. */
export const namesOfFirst = (classNames: RunMetrics["classNames"]): readonly string[] | undefined => {
  const [first] = Object.values(classNames ?? {});
  return Array.isArray(first) ? first : undefined;
};

/** Undefined if there are no figures by class. */
export const byClass = (folder: string, metrics: RunMetrics): Markup | undefined => {
  const { measurements, figures, controls, split, classNames } = metrics;
  const requested = samplesByClass(
    measuredByClass(measurements, figures),
    measuredByClass(controls?.[CEILING] ?? {}, figures),
    classNames,
  );
  const examples = [...(contentOf(readExamplesByClass(folder, metrics)) ?? [])].map(([field, found]) =>
    examplesByClass(field, found, split, classNames),
  );
  if (requested.length + examples.length === 0) return undefined;
  return html`${requested}${examples}<p class="reading">Standard errors are over the samples or examples of a class.</p>`;
};
