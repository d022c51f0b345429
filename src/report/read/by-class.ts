/** Figures class by class: those measured on each class, and means of per-example.npz over the examples of each label. */
import type { MeasurementKey, Measurements } from "../../contracts/measurement.js";
import { meanAndError } from "../../numerics/statistics.js";
import { LABELS, RUN_FILES, type RunMetrics } from "../../storage/layout.js";
import { readNpz } from "../../storage/npz.js";
import { type Column, columnsOf, familyOf, isOfClass, memberTitle } from "../figures/columns.js";
import { type Piece, pieceOf } from "./piece.js";

export interface ClassFigure {
  n: number;
  mean: number | null;
  standardError: number | undefined;
}
/** By the class's index, in order. */
export type ByClass = ReadonlyMap<number, ClassFigure>;
/** One figure by class, of one set of samples if it has sets. */
export interface Family {
  /** Equal for the same family of another trial. */
  id: string;
  /** Without the class. */
  title: string;
  key: MeasurementKey;
  figure: Column["figure"];
  /** The label field whose classes these are. */
  field: string;
  classes: ByClass;
}

const inOrder = (classes: Iterable<[number, ClassFigure]>): ByClass => new Map([...classes].sort(([a], [b]) => a - b));
const titleOf = (key: MeasurementKey, figure: Column["figure"]): string =>
  [figure.title, memberTitle(key, figure)].filter(Boolean).join(", ");

/** Measurements of metrics on each class. */
export const measuredByClass = (measurements: Measurements, figures: RunMetrics["figures"]): Family[] => {
  const families = new Map<string, { column: Column; classes: [number, ClassFigure][] }>();
  for (const column of columnsOf([measurements], figures).filter(isOfClass)) {
    const id = familyOf(column.key);
    const { value, n, standardError } = measurements[column.name]!;
    const family = families.get(id) ?? { column, classes: [] };
    families.set(id, family);
    family.classes.push([column.key.class!.index, { n, mean: value, standardError }]);
  }
  return [...families].map(([id, { column, classes }]) => {
    const { class: of, ...key } = column.key;
    const { figure } = column;
    return { id, title: titleOf(key, figure), key, figure, field: of!.field, classes: inOrder(classes) };
  });
};

/** A field with more values is a scale, not classes, and gets no table. */
const MOST_ROWS = 24;

const meansByLabel = (values: ArrayLike<number>, labels: ArrayLike<number>): ByClass => {
  const byLabel = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    // An unknown label.
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

/** By label field, the means by class of every measurement whose values per example the run kept. */
export const readExamplesByClass = (
  folder: string,
  { measurements, figures }: Pick<RunMetrics, "measurements" | "figures">,
): Piece<ReadonlyMap<string, Family[]>> =>
  pieceOf(folder, RUN_FILES.perExample, (path) => {
    const arrays = readNpz(path);
    const columns = columnsOf([measurements], figures).filter(
      ({ name }) => measurements[name]?.perExample && arrays[name],
    );
    const tables = Object.keys(arrays).flatMap((name): [string, Family[]][] => {
      if (!name.startsWith(LABELS)) return [];
      const field = name.slice(LABELS.length);
      const labels = arrays[name]!.data;
      const whole = columns.filter((column) => arrays[column.name]!.data.length === labels.length);
      if (new Set(Array.from(labels)).size > MOST_ROWS || whole.length === 0) return [];
      const families = whole.map(({ name: own, key, figure, title }): Family => {
        const classes = meansByLabel(arrays[own]!.data, labels);
        return { id: own, title, key, figure, field, classes };
      });
      return [[field, families]];
    });
    return new Map(tables);
  });
