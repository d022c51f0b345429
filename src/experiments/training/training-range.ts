/** Minimum and maximum of the modeled field in the training split, as evaluation reads it. */
import type { Dataset } from "../../contracts/dataset.js";
import { readingBlocks } from "./batches.js";

export interface Range {
  low: number;
  high: number;
}

export const trainingRange = (dataset: Pick<Dataset, "fields" | "modeled" | "split">): Range => {
  const train = dataset.split("train", "evaluation");
  const range = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  for (const { rows } of readingBlocks(train.size, dataset.fields)) {
    for (const value of train.read(rows)[dataset.modeled]!) {
      if (value < range.low) range.low = value;
      if (value > range.high) range.high = value;
    }
  }
  return range;
};
