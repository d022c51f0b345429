/** The label that a conditional model is asked for: what two metrics ask its samples about. */
import type { MetricContext, SampleRows } from "../../contracts/metric.js";
import { type Points, selectRows } from "../../numerics/points.js";

export interface AskedLabel {
  field: string;
  classes: number;
}
/** The first of the model's conditions that is a label; none where the model is not conditional. */
export const askedLabel = ({ model }: MetricContext): AskedLabel | undefined => {
  for (const [field, { kind, classes = 0 }] of Object.entries(model.conditions ?? {}))
    if (kind === "label" && classes > 1) return { field, classes };
  return undefined;
};
export const NOT_ASKED = "the model is not conditioned on a label: nothing was asked of its samples";

/** By row, as whole numbers; -1 where an example has none. */
export const labelsOf = ({ given }: SampleRows, { field }: AskedLabel): Int32Array | undefined =>
  given?.[field] && Int32Array.from(given[field]);

/** The rows whose label is known, with their labels. */
export const labeledRows = (
  samples: SampleRows,
  label: AskedLabel,
): { points: Points; labels: Int32Array } | undefined => {
  const labels = labelsOf(samples, label);
  if (!labels) return undefined;
  const known = Int32Array.from(labels.keys()).filter((row) => labels[row]! >= 0);
  if (known.length === labels.length) return { points: samples, labels };
  return { points: selectRows(samples, known), labels: labels.filter((code) => code >= 0) };
};
