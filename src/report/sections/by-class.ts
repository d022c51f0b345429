/** What comes class by class in a run: samples by what they were asked for, examples by their label. */
import type { RunTradeoff } from "../../core/run-folder/layout.js";
import { html, type Markup } from "../html.js";
import { figuresByClass, readExamplesByClass } from "../read/by-class.js";
import { contentOf } from "../read/piece.js";
import { CEILING } from "../sample-sets.js";
import { examplesByClass, samplesByClass } from "../tables/class-tables.js";

/** Undefined where nothing does. */
export const byClass = (folder: string, { figures, controls, split }: RunTradeoff): Markup | undefined => {
  const asked = samplesByClass(
    figuresByClass(figures),
    figuresByClass(controls?.[CEILING] ?? {}),
    (name) => figures[name]?.unit ?? "",
  );
  const examples = [...(contentOf(readExamplesByClass(folder)) ?? [])].map(([field, found]) =>
    examplesByClass(field, found, figures, split),
  );
  if (asked.length + examples.length === 0) return undefined;
  return html`${asked}${examples}<p class="reading">Standard errors are over the samples, or the examples, of a class.</p>`;
};
