/**
 * history.jsonl as curves: one per figure, split and dimension, over epochs if each of them has a single value per epoch, else
 * over steps.
 */

import type { LoggedFigure } from "../../contracts/logged-figure.js";
import { type HistoryEntry, type HistoryLine, RUN_FILES } from "../../storage/layout.js";
import { type History, readHistory } from "../../storage/read-history.js";
import { type Piece, pieceOf } from "./piece.js";

export type Split = HistoryLine["split"];
export interface Point {
  at: number;
  value: number;
}
export interface Curve {
  figure: LoggedFigure;
  /** Index of the value if the figure is a vector. */
  dimension: number | undefined;
  split: Split;
  /** The finite values. */
  points: readonly Point[];
  /** Number of values that were not finite. */
  notFinite: number;
}
export interface Curves {
  along: "epoch" | "step";
  /** In the order in which they were declared. */
  figures: readonly LoggedFigure[];
  all: readonly Curve[];
  /** The curve of a scalar. */
  get(name: string, split: Split): Curve | undefined;
  /** The curves of a vector, in the order of its dimensions. */
  byDimension(name: string, split: Split): readonly Curve[];
}

const keyOf = ({ name, split, dimension }: Pick<HistoryEntry, "name" | "split" | "dimension">): string =>
  `${split} ${dimension ?? ""} ${name}`;

export const curvesFrom = ({ figures, entries }: History): Curves => {
  const groups = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const group = groups.get(keyOf(entry));
    if (group) group.push(entry);
    else groups.set(keyOf(entry), [entry]);
  }
  const byEpoch = [...groups.values()].every((group) => new Set(group.map(({ epoch }) => epoch)).size === group.length);
  const declared = new Map(figures.map((figure) => [figure.name, figure]));
  const curves = new Map(
    [...groups].map(([key, group]): [string, Curve] => {
      const { name, split, dimension } = group[0]!;
      const points = group
        .map(({ epoch, step, value }) => ({ at: byEpoch ? epoch : step, value }))
        .sort((a, b) => a.at - b.at);
      const finite = points.filter(({ value }) => Number.isFinite(value));
      const figure = declared.get(name)!;
      return [key, { figure, dimension, split, points: finite, notFinite: points.length - finite.length }];
    }),
  );
  const all = [...curves.values()];
  const vectors = new Map<string, Curve[]>();
  for (const curve of all.filter(({ dimension }) => dimension !== undefined)) {
    const key = keyOf({ name: curve.figure.name, split: curve.split });
    vectors.set(key, [...(vectors.get(key) ?? []), curve]);
  }
  return {
    along: byEpoch ? "epoch" : "step",
    figures,
    all,
    get: (name, split) => curves.get(keyOf({ name, split })),
    byDimension: (name, split) =>
      [...(vectors.get(keyOf({ name, split })) ?? [])].sort((a, b) => a.dimension! - b.dimension!),
  };
};

export const readCurves = (folder: string): Piece<Curves> =>
  pieceOf(folder, RUN_FILES.history, (path) => curvesFrom(readHistory(path)));

/** At most `atMost` points: means of neighboring points. */
export const thin = (points: readonly Point[], atMost: number): readonly Point[] => {
  if (points.length <= atMost) return points;
  const size = Math.ceil(points.length / atMost);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const part = points.slice(i * size, (i + 1) * size);
    const mean = (of: (point: Point) => number): number =>
      part.reduce((sum, point) => sum + of(point), 0) / part.length;
    return { at: mean(({ at }) => at), value: mean(({ value }) => value) };
  });
};
