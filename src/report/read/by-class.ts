/**
 * Figures class by class: those that a metric leaves of each class ("conditionalAccuracy-3"), and means of what per-example.npz
 * holds, over the examples of each label.
 */
import type { Figure } from "../../contracts/metric.js";
import { meanAndError } from "../../numerics/statistics.js";
import { LABELS, RUN_FILES } from "../../storage/layout.js";
import { readNpz } from "../../storage/npz.js";
import { classOf, orderedNames } from "../figures/names.js";
import { type Piece, pieceOf } from "./piece.js";

export interface ClassFigure {
  n: number;
  mean: number | null;
  standardError: number | undefined;
}
/** By class, in order. */
export type ByClass = ReadonlyMap<number, ClassFigure>;
/** By figure, its set of samples included: "conditionalAccuracy/means". */
export type FiguresByClass = ReadonlyMap<string, ByClass>;

const inOrder = (classes: Iterable<[number, ClassFigure]>): ByClass => new Map([...classes].sort(([a], [b]) => a - b));

export const figuresByClass = (figures: Readonly<Record<string, Figure>>): FiguresByClass => {
  const found = new Map<string, [number, ClassFigure][]>();
  for (const name of Object.keys(figures)) {
    const of = classOf(name);
    if (!of) continue;
    const { value, n, standardError } = figures[name]!;
    found.set(of.figure, [...(found.get(of.figure) ?? []), [of.label, { n, mean: value, standardError }]]);
  }
  return new Map([...found].map(([figure, classes]) => [figure, inOrder(classes)]));
};

/** Beyond so many values a field is a scale rather than classes, and no table. */
const MOST_CLASSES = 24;

const meansByLabel = (values: ArrayLike<number>, labels: ArrayLike<number>): ByClass => {
  const byLabel = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    // Of an unknown label.
    if (label < 0) continue;
    const own = byLabel.get(label);
    if (own) own.push(values[i]!);
    else byLabel.set(label, [values[i]!]);
  }
  return inOrder(
    [...byLabel].map(([label, own]): [number, ClassFigure] => {
      const { mean, standardError } = meanAndError(own);
      return [label, { n: own.length, mean, standardError: own.length > 1 ? standardError : undefined }];
    }),
  );
};

/** By label field, the means of every figure that was left by example. */
export const readExamplesByClass = (folder: string): Piece<ReadonlyMap<string, FiguresByClass>> =>
  pieceOf(folder, RUN_FILES.perExample, (path) => {
    const arrays = readNpz(path);
    const fields = Object.keys(arrays).filter((name) => name.startsWith(LABELS));
    const figures = orderedNames([arrays]).filter((name) => !name.startsWith(LABELS));
    const tables = fields.flatMap((name): [string, FiguresByClass][] => {
      const labels = arrays[name]!.data;
      const classes = new Set(Array.from(labels)).size;
      const whole = figures.filter((figure) => arrays[figure]!.data.length === labels.length);
      if (classes > MOST_CLASSES || whole.length === 0) return [];
      const means = whole.map((figure): [string, ByClass] => [figure, meansByLabel(arrays[figure]!.data, labels)]);
      return [[name.slice(LABELS.length), new Map(means)]];
    });
    return new Map(tables);
  });
