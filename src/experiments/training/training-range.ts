/** The least and the greatest value of the modeled field in the training split, as evaluation reads it. */
import type { Dataset } from "../../contracts/dataset.js";
import { rowsFrom } from "./batches.js";

export interface Range {
  low: number;
  high: number;
}

/** Rows held at a time. */
const BLOCK = 1024;

export const trainingRange = (dataset: Pick<Dataset, "modeled" | "split">): Range => {
  const train = dataset.split("train", "evaluation");
  const range = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  for (let start = 0; start < train.size; start += BLOCK) {
    const values = train.read(rowsFrom(start, Math.min(BLOCK, train.size - start)))[dataset.modeled]!;
    for (const value of values) {
      if (value < range.low) range.low = value;
      if (value > range.high) range.high = value;
    }
  }
  return range;
};
