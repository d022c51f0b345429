/**
 * history.jsonl as curves: one for each name and split, over epochs where every one has a single value an epoch, else over
 * steps.
 */

import { type HistoryEntry, readHistory } from "../../storage/history.js";
import { type HistoryLine, RUN_FILES } from "../../storage/layout.js";
import { type Piece, pieceOf } from "./piece.js";

export type Split = HistoryLine["split"];
export interface Point {
  at: number;
  /** NaN and infinities are not drawn but counted. */
  value: number;
}
export interface Curve {
  name: string;
  split: Split;
  points: readonly Point[];
  /** Values that were not finite. */
  notFinite: number;
}
export interface Curves {
  along: "epoch" | "step";
  all: readonly Curve[];
  get(name: string, split: Split): Curve | undefined;
}

export const curvesFrom = (lines: readonly HistoryEntry[]): Curves => {
  const groups = new Map<string, HistoryEntry[]>();
  for (const line of lines) {
    const key = `${line.split}/${line.name}`;
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  const byEpoch = [...groups.values()].every((group) => new Set(group.map(({ epoch }) => epoch)).size === group.length);
  const curves = new Map(
    [...groups].map(([key, group]): [string, Curve] => {
      const points = group
        .map(({ epoch, step, value }) => ({ at: byEpoch ? epoch : step, value: value }))
        .sort((a, b) => a.at - b.at);
      const finite = points.filter(({ value }) => Number.isFinite(value));
      return [
        key,
        {
          name: group[0]?.name ?? "",
          split: group[0]?.split ?? "train",
          points: finite,
          notFinite: points.length - finite.length,
        },
      ];
    }),
  );
  return {
    along: byEpoch ? "epoch" : "step",
    all: [...curves.values()],
    get: (name, split) => curves.get(`${split}/${name}`),
  };
};

export const readCurves = (folder: string): Piece<Curves> =>
  pieceOf(folder, RUN_FILES.history, (path) => curvesFrom(readHistory(path)));

/** At most `atMost` points: means of neighbors, at their mean place. */
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

/** Dimensions that have a logged KL, in order. */
export const klDimensions = (curves: Curves): number[] =>
  [...new Set(curves.all.map(({ name }) => /^kl\/(\d+)$/.exec(name)?.[1]))]
    .filter((j) => j !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
