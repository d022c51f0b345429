/** Figures by class of a sweep: samples by requested class, examples by label. */
import type { SweepMetrics } from "../../storage/layout.js";
import { capitalized } from "../figures/numbers.js";
import type { Setting, Settings } from "../figures/settings.js";
import { html, type Markup } from "../pages/html.js";
import { type Family, measuredByClass, readExamplesByClass } from "../read/by-class.js";
import { contentOf } from "../read/piece.js";
import type { TrialRecord } from "../read/sweep.js";
import { settingClassTable } from "../tables/setting-classes.js";

interface Found {
  setting: Setting;
  families: readonly Family[];
}

/** The first table is open, the others are collapsed below it; headline figures come first. */
const tables = (
  found: readonly Found[],
  by: string,
  fold: string,
  names: readonly string[] | undefined,
  settings: Settings,
): Markup | undefined => {
  const families = new Map(found.flatMap(({ families: own }) => own.map((family) => [family.id, family])));
  const rank = ({ figure }: Family): number => (figure.prominence === "headline" ? 0 : 1);
  const drawn = [...families.values()]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ id, title, figure: { unit } }) => {
      const heading = `${capitalized(title)} by ${by}`;
      const trials = found.flatMap(({ setting, families: own }) => {
        const classes = own.find((family) => family.id === id)?.classes;
        return classes ? [{ setting, classes }] : [];
      });
      return html`<h3>${heading}, ${unit}</h3>${settingClassTable(heading, { unit, names }, trials, settings)}`;
    });
  const [first, ...others] = drawn;
  if (!first) return undefined;
  return html`${first}${others.length > 0 && html`<details><summary>${fold}</summary>${others}</details>`}`;
};

/** Undefined if there are no figures by class. */
export const settingClasses = (
  { figures, points }: SweepMetrics,
  trials: readonly TrialRecord[],
  settings: Settings,
): Markup | undefined => {
  const classNames = points.map((point) => point.classNames).find((names) => names !== undefined);
  const namesOf = (field: string | undefined): readonly string[] | undefined =>
    classNames && field !== undefined && Object.hasOwn(classNames, field) ? classNames[field] : undefined;
  const finished = trials.flatMap(({ choices, state, folder, measurements }) => {
    const setting = settings.of(choices);
    return setting && measurements && state === "finished"
      ? [{ setting, folder, scored: { measurements, figures } }]
      : [];
  });
  const samples = finished.map(({ setting, scored }) => ({
    setting,
    families: measuredByClass(scored.measurements, figures),
  }));
  const requested = tables(
    samples,
    "requested class",
    "Other sets of samples",
    namesOf(samples[0]?.families[0]?.field),
    settings,
  );
  const byField = new Map<string, Found[]>();
  for (const { setting, folder, scored } of finished)
    for (const [field, families] of (folder && contentOf(readExamplesByClass(folder, scored))) || [])
      byField.set(field, [...(byField.get(field) ?? []), { setting, families }]);
  const examples = [...byField].map(([field, found]) =>
    tables(found, field, `Other figures by ${field}`, namesOf(field), settings),
  );
  if (!requested && examples.length === 0) return undefined;
  return html`<p class="reading">Means of each class over seeds, ± half the interval; n counts samples or examples of the class.</p>${requested}${examples}`;
};
