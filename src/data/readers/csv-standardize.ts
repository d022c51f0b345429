/**
 * Standardizes numeric columns with the mean and standard deviation of the training split, which a run stores, or divides
 * them by `scale`.
 */
import type { DatasetContext } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { isObject } from "../../storage/json.js";
import type { Cells } from "./cell-blocks.js";
import { type Column, isConstant } from "./csv-columns.js";
import { damaged } from "./data-file.js";

/** Maps x to (x - mean) / deviation. */
interface Moments {
  mean: number;
  /** Standard deviation with 1 / n; 1 for constant columns. */
  deviation: number;
}
export type Preparation = ReadonlyMap<string, Moments>;

const momentsOf = ({ name, place }: Column, cells: Cells, rows: ArrayLike<number>): Moments & { constant: boolean } => {
  const present = Float64Array.from(rows, (row) => cells.at(row, place)).filter((value) => !Number.isNaN(value));
  const count = present.length;
  if (count === 0)
    throw damaged(`column ${JSON.stringify(name)}`, "every value in the training split is missing", {
      remedy: 'Declare it "ignored".',
    });
  const mean = present.reduce((sum, value) => sum + value, 0) / count;
  const variance = present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const constant = isConstant(Math.sqrt(variance), Math.abs(mean), count);
  return { mean, deviation: constant ? 1 : Math.sqrt(variance), constant };
};

const keptMoments = (preparation: unknown, name: string): Moments => {
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
 * @throws RUN_FOLDER if the stored statistics are for other columns
 */
export const standardize = (
  columns: readonly Column[],
  cells: Cells,
  train: ArrayLike<number>,
  { scale, preparation, warn }: Pick<DatasetContext, "preparation" | "warn"> & { scale: unknown },
): Preparation => {
  const numeric = columns.filter(({ kind }) => kind === "numeric");
  if (preparation !== undefined) return new Map(numeric.map(({ name }) => [name, keptMoments(preparation, name)]));
  if (scale !== undefined) return new Map(numeric.map(({ name }) => [name, { mean: 0, deviation: Number(scale) }]));
  return new Map(
    numeric.map((column) => {
      const { mean, deviation, constant } = momentsOf(column, cells, train);
      if (constant)
        warn?.(
          `the column ${JSON.stringify(column.name)} is constant in the training split (${Number(mean.toPrecision(6))}): it is centered but not scaled. Declare it "ignored" to leave it out`,
        );
      return [column.name, { mean, deviation }];
    }),
  );
};
