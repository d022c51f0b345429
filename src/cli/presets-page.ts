/** Writes docs/presets.md: every preset with its paper, its names in other libraries, its composition, and figures, published and ours. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../storage/json.js";

export interface Published {
  figure: string;
  /** Data and binarization, architecture, epochs, samples of the estimate: what a figure can be held beside. */
  setting: string;
  /** Where it was read. */
  source: string;
  /** Ours at equal settings, if there is one. */
  ours?: string;
}
export interface PresetEntry {
  paper: string;
  /** Its names in other libraries. */
  names?: Readonly<Record<string, readonly string[]>>;
  published: readonly Published[];
  /** What it is measured on, where binary digits do not fit. */
  data?: Readonly<Record<string, unknown>>;
}
export interface MeasuredFigure {
  value: number;
  standardError?: number;
  bound?: "upper" | "lower";
}
export interface MeasuredPreset {
  /** Of what was trained: `compositionHash`. */
  composition: string;
  /** In words. */
  data: string;
  figures: Readonly<Record<string, MeasuredFigure>>;
}
export interface Measured {
  /** In words. */
  budget: string;
  presets: Readonly<Record<string, MeasuredPreset>>;
}
export interface PresetRow {
  name: string;
  entry: PresetEntry;
  /** The spec before defaults, its `extends` followed. */
  written: Readonly<Record<string, unknown>>;
  composition: string;
}

/** Twelve digits that change with what a preset computes. */
export const compositionHash = ({ model, objective, regularizers, training }: PresetRow["written"]): string =>
  createHash("sha256").update(canonicalJson({ model, objective, regularizers, training })).digest("hex").slice(0, 12);

/** The libraries in the order of the page. */
const LIBRARIES = ["pythae", "PyTorch-VAE", "disentanglement_lib"] as const;

const FIGURES: Readonly<Record<string, { title: string; digits: number; isPercentage?: true }>> = {
  nll: { title: "NLL", digits: 1 },
  squaredError: { title: "squared error", digits: 1 },
  precision: { title: "precision", digits: 2 },
  recall: { title: "recall", digits: 2 },
  accuracy: { title: "accuracy", digits: 1, isPercentage: true },
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const figureText = (name: string, { value, standardError, bound }: MeasuredFigure): string => {
  const { title, digits, isPercentage } = FIGURES[name]!;
  const shown = (each: number): string => (isPercentage ? 100 * each : each).toFixed(digits);
  const error = standardError === undefined ? "" : ` ± ${shown(standardError)}`;
  return `${title} ${bound === "upper" ? "≤ " : ""}${shown(value)}${error}${isPercentage ? " %" : ""}`;
};

const oursText = ({ name, entry, written }: PresetRow, { presets }: Measured): string => {
  const measured = presets[name];
  const equal = entry.published.flatMap(({ ours, figure }) => (ours === undefined ? [] : [`${ours} beside ${figure}`]));
  const budget = (): string => {
    if (!measured) return "not measured";
    const figures = Object.keys(FIGURES)
      .filter((key) => measured.figures[key])
      .map((key) => figureText(key, measured.figures[key]!));
    const earlier = measured.composition === compositionHash(written) ? "" : ", an earlier form of the preset";
    return `${figures.join(", ")} (${measured.data}, other budget${earlier})`;
  };
  return [budget(), ...equal].join("; ");
};

const publishedText = ({ published }: PresetEntry): string =>
  published.length === 0
    ? "none given"
    : published.map(({ figure, setting, source }) => `${figure}: ${setting} [${source}]`).join("; ");

const namesText = ({ names = {} }: PresetEntry): string =>
  LIBRARIES.filter((library) => names[library]?.length)
    .map((library) => `${library} ${names[library]!.map((each) => `\`${each}\``).join(", ")}`)
    .join("; ");

const byName = (library: string, rows: readonly PresetRow[]): string => {
  const pairs = rows.flatMap(({ name, entry }) => (entry.names?.[library] ?? []).map((each) => [each, name] as const));
  const sorted = pairs.sort(([a], [b]) => a.localeCompare(b, "en"));
  return `- ${library}: ${sorted.map(([theirs, ours]) => `\`${theirs}\` is \`${ours}\``).join(", ")}`;
};

export const presetsPage = (rows: readonly PresetRow[], measured: Measured): string =>
  [
    "# Presets",
    "",
    "<!-- Written by `npm run presets` from examples/presets and bench/presets. Change those, not this page. -->",
    "",
    'A spec starts from one by `"extends": ["preset:NAME"]` and adds a name and data; every field can be changed there. Descriptions in',
    "`examples/presets` say where a preset departs from its paper.",
    "",
    "A composition reads `encoder → latent[size]: posterior ‖ prior → decoder → likelihood; objective + regularizers; training`, with the fields",
    "that a preset sets; a decoder without fields mirrors the encoder. `of` and `given` name what a latent is inferred and generated from.",
    "",
    `Ours: ${measured.budget}`,
    "`npm run presets -- --measure` measures what is new or has changed. These figures say that a preset trains and what to expect of it. They",
    "are not comparable with published ones, which are of other data and of far longer training, unless a row says so.",
    "",
    "## By the name in another library",
    "",
    ...LIBRARIES.map((library) => byName(library, rows)),
    "",
    "## All presets",
    "",
    "| preset | elsewhere | paper | composition | published | ours |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map((row) =>
      [
        "",
        `\`${row.name}\``,
        namesText(row.entry),
        cell(row.entry.paper),
        cell(row.composition),
        cell(publishedText(row.entry)),
        cell(oursText(row, measured)),
        "",
      ]
        .join(" | ")
        .trim(),
    ),
    "",
  ].join("\n");
