/** What comes class by class in a sweep: the accuracy of what was asked for, and figures by example over the examples of a label. */
import type { SweepMetrics } from "../../storage/layout.js";
import { figureTitle, isNll, nllEncoder, splitName } from "../figures/names.js";
import { capitalized } from "../figures/numbers.js";
import type { Setting, Settings } from "../figures/settings.js";
import { html, type Markup } from "../pages/html.js";
import { type FiguresByClass, figuresByClass, readExamplesByClass } from "../read/by-class.js";
import { contentOf } from "../read/piece.js";
import type { TrialRecord } from "../read/sweep.js";
import { unitsOf } from "../tables/rows.js";
import { settingClassTable, type TrialClasses } from "../tables/setting-classes.js";

interface Found {
  setting: Setting;
  figures: FiguresByClass;
}

/** Every trial's classes of one figure. */
const ofFigure = (found: readonly Found[], name: string): TrialClasses[] =>
  found.flatMap(({ setting, figures }) => {
    const classes = figures.get(name);
    return classes ? [{ setting, classes }] : [];
  });
const namesOf = (found: readonly Found[]): string[] => [
  ...new Set(found.flatMap(({ figures }) => [...figures.keys()])),
];
/** The first table open, the others folded beneath it. */
const tables = (
  found: readonly Found[],
  by: string,
  fold: string,
  units: ReadonlyMap<string, string>,
  settings: Settings,
): Markup | undefined => {
  // Open is the likelihood by the refitted encoder where there is one, for it is what settings are ranked by.
  const ranked = (name: string): number => (isNll(name) && nllEncoder(name) === "refitted encoder" ? 0 : 1);
  const names = namesOf(found).sort((a, b) => ranked(a) - ranked(b));
  const drawn = names.map((name) => {
    const heading = `${capitalized(figureTitle(name))} by ${by}`;
    const unit = units.get(name);
    return html`<h3>${heading}${unit && `, ${unit}`}</h3>${settingClassTable(heading, unit ?? "", ofFigure(found, name), settings)}`;
  });
  const [first, ...others] = drawn;
  if (!first) return undefined;
  return html`${first}${others.length > 0 && html`<details><summary>${fold}</summary>${others}</details>`}`;
};

/** Undefined where nothing does. */
export const settingClasses = (
  metrics: SweepMetrics,
  trials: readonly TrialRecord[],
  settings: Settings,
): Markup | undefined => {
  const finished = trials.flatMap((trial) => {
    const setting = settings.of(trial.choices);
    return setting && trial.state === "finished" ? [{ trial, setting }] : [];
  });
  const samples = finished.map(({ trial, setting }) => ({ setting, figures: figuresByClass(trial.figures ?? {}) }));
  const units = unitsOf(metrics);
  const unitOfSamples = new Map(
    namesOf(samples).map((name): [string, string] => [
      name,
      units.get(name) ?? units.get(splitName(name).figure) ?? "",
    ]),
  );
  const asked = tables(samples, "the class asked for", "The same of other sets of samples", unitOfSamples, settings);
  const byField = new Map<string, Found[]>();
  for (const { trial, setting } of finished)
    for (const [field, figures] of (trial.folder && contentOf(readExamplesByClass(trial.folder))) || [])
      byField.set(field, [...(byField.get(field) ?? []), { setting, figures }]);
  const examples = [...byField].map(([field, found]) =>
    tables(found, field, `Other figures by ${field}`, units, settings),
  );
  if (!asked && examples.length === 0) return undefined;
  return html`<p class="reading">Mean over seeds of the class's mean ± half of the interval; n: samples, or examples, of the class.</p>${asked}${examples}`;
};
