/** The label on which samples of a conditional model are conditioned. */
import type { MetricContext, SampleRows } from "../../contracts/metric.js";
import { type Points, selectRows } from "../../numerics/points.js";

export interface RequestedLabel {
  field: string;
  classes: number;
}
/** The first condition of the model that is a label; undefined if there is none. */
export const requestedLabel = ({ model }: MetricContext): RequestedLabel | undefined => {
  for (const [field, { kind, classes = 0 }] of Object.entries(model.conditions ?? {}))
    if (kind === "label" && classes > 1) return { field, classes };
  return undefined;
};
export const NOT_CONDITIONAL = "the model is not conditioned on a label, so no class was requested of its samples";

/** Class by row; -1 for unlabeled examples. */
export const labelsOf = ({ given }: SampleRows, { field }: RequestedLabel): Int32Array | undefined =>
  given?.[field] && Int32Array.from(given[field]);

/** Labeled rows, with their labels. */
export const labeledRows = (
  samples: SampleRows,
  label: RequestedLabel,
): { points: Points; labels: Int32Array } | undefined => {
  const labels = labelsOf(samples, label);
  if (!labels) return undefined;
  const known = Int32Array.from(labels.keys()).filter((row) => labels[row]! >= 0);
  if (known.length === labels.length) return { points: samples, labels };
  return { points: selectRows(samples, known), labels: labels.filter((code) => code >= 0) };
};
