/**
 * The measurements of one or several models as columns of a table or lines of a chart: ordered by section, with titles and
 * distinguishing attributes. Reports know figures only from the declarations in the folder.
 */
import { type Better, type MeasurementKey, type SampleSource, SECTIONS } from "../../contracts/measurement.js";
import type { Declarations, DeclaredFigure } from "../../storage/layout.js";

export interface Column {
  /** Key of the measurement in metrics.json. */
  readonly name: string;
  readonly key: MeasurementKey;
  readonly figure: DeclaredFigure;
  /** Title of the figure, with the attributes that distinguish this measurement. */
  readonly title: string;
  readonly unit: string;
}

export const PRIOR_SAMPLES = "samples from the prior";

/** "decoded means", "gaussian mixture over codes, decoded means". */
export const setTitle = ({ sampler, output }: SampleSource): string => {
  const parts = [
    sampler === undefined ? "" : `${sampler.replaceAll("-", " ")} over codes`,
    output === "means" ? "decoded means" : "",
  ];
  return parts.filter(Boolean).join(", ") || PRIOR_SAMPLES;
};
/** Whether the measurement is of draws from the likelihood at codes from the prior, or of no samples at all. */
export const isOfPriorDraws = ({ set }: MeasurementKey): boolean =>
  set === undefined || (set.sampler === undefined && set.output === "draws");

/** Distinguishes a measurement from the others of its figure; "" for samples from the prior and figures with one measurement. */
export const memberTitle = (
  { field, class: of, latent, set, encoder }: MeasurementKey,
  { by = [] }: DeclaredFigure,
): string =>
  [
    field ?? "",
    of === undefined ? "" : `class ${of.index}`,
    latent ?? "",
    set === undefined || isOfPriorDraws({ figure: "", set }) ? "" : setTitle(set),
    encoder !== undefined && by.includes("encoder") ? `${encoder} encoder` : "",
  ]
    .filter(Boolean)
    .join(", ");

/** The key of a measurement without its class: equal for all classes of a family. */
export const familyOf = ({ figure, set, field, latent, encoder }: MeasurementKey): string =>
  JSON.stringify([figure, set?.sampler ?? null, set?.output ?? null, field ?? null, latent ?? null, encoder ?? null]);

const setRank = ({ set }: MeasurementKey): number =>
  set === undefined ? 0 : (set.sampler === undefined ? 0 : 2) + (set.output === "means" ? 1 : 0);

/** Sorted by section, by the order in which metrics declare figures, and by set: draws from the prior, their means, samplers. */
export const columnsOf = (
  records: readonly Readonly<Record<string, MeasurementKey>>[],
  figures: Declarations["figures"],
): Column[] => {
  const keys = new Map<string, MeasurementKey>();
  for (const record of records)
    for (const [name, key] of Object.entries(record)) if (!keys.has(name)) keys.set(name, key);
  const declared = Object.keys(figures);
  const columns = [...keys].flatMap(([name, key]): Column[] => {
    const figure = Object.hasOwn(figures, key.figure) ? figures[key.figure] : undefined;
    if (!figure) return [];
    const title = [figure.title, memberTitle(key, figure)].filter(Boolean).join(", ");
    return [{ name, key, figure, title, unit: figure.unit }];
  });
  return columns.sort(
    (a, b) =>
      SECTIONS.indexOf(a.figure.section) - SECTIONS.indexOf(b.figure.section) ||
      declared.indexOf(a.key.figure) - declared.indexOf(b.key.figure) ||
      setRank(a.key) - setRank(b.key),
  );
};

/** Single classes are shown in the tables by class. */
export const isOfClass = ({ key }: Column): boolean => key.class !== undefined;
/** Whether it is shown where space is limited: tiles, the terminal table of a sweep, the chart of a comparison. */
export const isLeading = (column: Column): boolean =>
  column.figure.prominence !== "detail" && !isOfClass(column) && isOfPriorDraws(column.key);

const ARROWS: Readonly<Record<Better, string>> = { higher: " ↑", lower: " ↓", neither: "" };
/** The unit with an arrow towards better values: "nats ↓". */
export const directedUnit = ({ unit, figure: { better } }: Column): string => `${unit}${ARROWS[better]}`;
export const ARROWS_MEANING = "↑ higher is better, ↓ lower is better";

export const SECTION_TITLES = {
  likelihood: "Likelihood",
  reconstruction: "Reconstruction",
  latent: "Latent codes",
  tasks: "Tasks",
  samples: "Samples",
} as const satisfies Readonly<Record<(typeof SECTIONS)[number], string>>;

/** Columns by section, without empty sections. */
export const bySection = (columns: readonly Column[]): { title: string; columns: Column[] }[] =>
  SECTIONS.map((section) => ({
    title: SECTION_TITLES[section],
    columns: columns.filter(({ figure }) => figure.section === section),
  })).filter(({ columns: own }) => own.length > 0);
