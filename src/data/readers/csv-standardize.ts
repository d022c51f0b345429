/**
 * Scales columns with statistics of the training split, which a run stores: numeric ones have mean 0 and standard deviation 1, positive
 * ones geometric mean 1. Or divides both by `scale`.
 */
import type { DatasetContext } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { isObject } from "../../storage/json.js";
import { SMALLEST_NORMAL } from "../../tensor/mathematics.js";
import type { Cells } from "./cell-blocks.js";
import { type Column, isConstant } from "./csv-columns.js";
import { damaged } from "./data-file.js";

/** Maps x to (x - mean) / deviation. */
export interface Moments {
  mean: number;
  /** Standard deviation with 1 / n, 1 for constant columns; of a positive column the geometric mean, with `mean` 0. */
  deviation: number;
}
export type Preparation = ReadonlyMap<string, Moments>;

const presentOf = ({ name, place }: Column, cells: Cells, rows: ArrayLike<number>): Float64Array => {
  const present = Float64Array.from(rows, (row) => cells.at(row, place)).filter((value) => !Number.isNaN(value));
  if (present.length > 0) return present;
  throw damaged(`column ${JSON.stringify(name)}`, "every value in the training split is missing", {
    remedy: 'Declare it "ignored".',
  });
};
const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @throws DATA if the smallest value of a positive column would not stay above 0 */
const checkSmallest = ({ name, range: [low] = [1, 1] }: Column, divisor: number): void => {
  if (low / divisor >= SMALLEST_NORMAL) return;
  throw damaged(`column ${JSON.stringify(name)}`, `${low} / ${divisor} is 0 in single precision`, {
    remedy: "Correct the value, or list it in `missing`.",
  });
};

const momentsOf = (column: Column, cells: Cells, rows: ArrayLike<number>): Moments & { constant: boolean } => {
  const present = presentOf(column, cells, rows);
  if (column.kind === "positive")
    return { mean: 0, deviation: Math.exp(meanOf(present.map(Math.log))), constant: false };
  const count = present.length;
  const mean = meanOf(present);
  const variance = present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const constant = isConstant(Math.sqrt(variance), Math.abs(mean), count);
  return { mean, deviation: constant ? 1 : Math.sqrt(variance), constant };
};

/** Of a column, as a run stored them. @throws RUN_FOLDER where it did not */
export const keptMoments = (preparation: unknown, name: string): Moments => {
  const columns = isObject(preparation) && isObject(preparation.columns) ? preparation.columns : {};
  const moments = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (isObject(moments) && typeof moments.mean === "number" && typeof moments.deviation === "number")
    return { mean: moments.mean, deviation: moments.deviation };
  throw new VaelabError("RUN_FOLDER", {
    message: `the run stored no mean and standard deviation for the column "${name}"`,
  });
};

/**
 * @param scale divisor, used instead of standardization
 * @throws RUN_FOLDER if the stored statistics are for other columns, DATA if a positive value becomes 0
 */
export const standardize = (
  columns: readonly Column[],
  cells: Cells,
  train: ArrayLike<number>,
  { scale, preparation, warn }: Pick<DatasetContext, "preparation" | "warn"> & { scale: unknown },
): Preparation => {
  const statisticsOf = (column: Column): Moments => {
    if (preparation !== undefined) return keptMoments(preparation, column.name);
    if (scale !== undefined) return { mean: 0, deviation: Number(scale) };
    const { mean, deviation, constant } = momentsOf(column, cells, train);
    if (constant)
      warn?.(
        `the column ${JSON.stringify(column.name)} is constant in the training split (${Number(mean.toPrecision(6))}): it is centered but not scaled. Declare it "ignored" to leave it out`,
      );
    return { mean, deviation };
  };
  const scaled = columns.filter(({ kind }) => kind === "numeric" || kind === "positive");
  return new Map(
    scaled.map((column) => {
      const moments = statisticsOf(column);
      if (column.kind === "positive") checkSmallest(column, moments.deviation);
      return [column.name, moments];
    }),
  );
};
