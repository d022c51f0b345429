/** Values of an image field that are drawn black and white, the same in every picture of a run. */
import type { RunDataset } from "../training/kept-data.js";
import { type Range, trainingRange } from "../training/training-range.js";

const UNIT: Range = { low: 0, high: 1 };
const SYMMETRIC: Range = { low: -1, high: 1 };
const BYTES: Range = { low: 0, high: 255 };

const holds = ({ low, high }: Range, own: Range): boolean => low <= own.low && own.high <= high;

/**
 * Bits and gray values span 0 to 1; real numbers and counts the common range that fits, or else that of the training split.
 */
export const displayRange = (dataset: RunDataset): Range => {
  const { support } = dataset.fields[dataset.modeled]!;
  if (support === "unit" || support === "binary") return UNIT;
  const own = dataset.kept?.trainingRange ?? trainingRange(dataset);
  const usual = [UNIT, SYMMETRIC].find((range) => holds(range, own));
  if (usual) return usual;
  // On a byte scale, small counts would all be black.
  return holds(BYTES, own) && own.high > BYTES.high / 2 ? BYTES : own;
};
