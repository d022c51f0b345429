/** The label that a conditional model is asked for: what two metrics ask its samples about. */
import type { MetricContext, SampleRows } from "../../contracts/metric.js";

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

/** By row, as whole numbers. */
export const labelsOf = ({ given }: SampleRows, { field }: AskedLabel): Int32Array | undefined =>
  given?.[field] && Int32Array.from(given[field]);
