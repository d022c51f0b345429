/** Checks the results of metrics against their declarations and names them as the measurements of a run folder. */
import type { FamilyAxis, FigureDefinition, Measured, Measurement } from "../../contracts/measurement.js";
import type { MetricDeclaration, MetricResult } from "../../contracts/metric.js";
import { VaelabError } from "../../errors.js";
import type { Declarations, DeclaredFigure, RunMetrics } from "../../storage/layout.js";

export interface Recorded extends Declarations {
  measurements: Record<string, Measurement>;
  controls: Record<string, Record<string, Measurement>>;
  /** Keyed by the name of the measurement that is their mean. */
  perExample: Record<string, Float32Array>;
}

const AXES = ["set", "field", "class", "latent"] as const satisfies readonly FamilyAxis[];

/** "accuracy.label", "activeUnits.z1", "conditionalAccuracy-3/means", "recall/gaussian-mixture": unique among the measurements of a figure. */
const nameOf = ({ figure, set, field, class: of, latent, encoder }: Measured, by: readonly FamilyAxis[]): string =>
  [
    figure,
    field === undefined ? "" : `.${field}`,
    of === undefined ? "" : `-${of.index}`,
    latent === undefined ? "" : `.${latent}`,
    set?.sampler === undefined ? "" : `/${set.sampler}`,
    set?.output === "means" ? "/means" : "",
    encoder !== undefined && by.includes("encoder") ? `/${encoder}-encoder` : "",
  ].join("");

/** Examples that make a mean non-finite. */
const spoiled = (perExample: Float32Array): string | undefined => {
  const first = perExample.findIndex((value) => !Number.isFinite(value));
  if (first < 0) return undefined;
  const count = perExample.filter((value) => !Number.isFinite(value)).length;
  return `${count} of ${perExample.length} examples have no finite value, the first of them example ${first} of the split (${perExample[first]})`;
};

/** JSON cannot represent non-finite numbers. */
const finite = (measured: Measured): Pick<Measurement, "value" | "note" | "notFinite" | "standardError"> => {
  const { value, note, standardError, perExample } = measured;
  if (value === null) return { value, note: note ?? "no reason was given" };
  if (!Number.isFinite(value)) {
    const reasons = [`the value is ${value}, not a finite number`, perExample && spoiled(perExample), note];
    const notFinite = String(value) as NonNullable<Measurement["notFinite"]>;
    return { value: null, notFinite, note: reasons.filter(Boolean).join("; ") };
  }
  return {
    value,
    // That of a single example is none.
    ...(standardError !== undefined && Number.isFinite(standardError) && { standardError }),
    ...(note !== undefined && { note }),
  };
};

/** Collects the results of one evaluation's metrics, one after another. */
export const measurementRecorder = (examples: number) => {
  const figures: Record<string, DeclaredFigure> = {};
  const recorded: Recorded = { figures, planes: [], measurements: {}, controls: {}, perExample: {} };

  const record = (type: string, declaration: MetricDeclaration, result: MetricResult): void => {
    const refuse = (message: string): never => {
      throw new VaelabError("CONTRACT", { message: `the metric "${type}" ${message}` });
    };
    const definitionOf = ({ figure }: Measured): FigureDefinition => {
      const found = Object.hasOwn(declaration.figures, figure) ? declaration.figures[figure] : undefined;
      return found ?? refuse(`returns the figure "${figure}", which its definition does not declare`);
    };
    const add = (into: Record<string, Measurement>, measured: Measured): string => {
      const definition = definitionOf(measured);
      const { title: _, by = [], unit, better } = definition;
      const undeclared = AXES.find((axis) => measured[axis] !== undefined && !by.includes(axis));
      if (undeclared)
        refuse(`returns "${measured.figure}" by ${undeclared}, which its definition does not declare in "by"`);
      const name = nameOf(measured, by);
      const taken = Object.hasOwn(into, name) ? into[name] : undefined;
      if (taken) refuse(`returns a second measurement called "${name}", after the metric "${taken.metric}"`);
      const { perExample, value: __, note: ___, standardError: ____, ...rest } = measured;
      into[name] = {
        metric: type,
        ...rest,
        unit,
        better,
        ...finite(measured),
        ...(perExample && { perExample: true }),
      };
      figures[measured.figure] ??= { metric: type, ...definition };
      return name;
    };
    for (const measured of result.measurements) {
      const name = add(recorded.measurements, measured);
      const { perExample } = measured;
      if (!perExample) continue;
      if (perExample.length !== examples)
        refuse(`returns ${perExample.length} values per example of "${name}" for ${examples} examples`);
      recorded.perExample[name] = perExample;
    }
    for (const [control, found] of Object.entries(result.controls ?? {})) {
      const into = (recorded.controls[control] ??= {});
      for (const measured of found) add(into, measured);
    }
    recorded.planes = [...recorded.planes, ...(declaration.planes ?? [])];
  };

  /** Their form in metrics.json. */
  const written = (): Pick<RunMetrics, "figures" | "planes" | "measurements" | "controls"> => {
    const { perExample: _, controls, ...rest } = recorded;
    return { ...rest, ...(Object.keys(controls).length > 0 && { controls }) };
  };
  return { record, written, perExample: recorded.perExample };
};
