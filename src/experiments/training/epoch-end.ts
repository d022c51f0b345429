/** End of an epoch: logs its means, validates the model, and decides which checkpoint is due. */

import type { HostTensors } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { maximum } from "../../numerics/lists.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import type { HistoryLog } from "../../storage/history.js";
import type { Reporter } from "../runs/reporter.js";
import type { Assembled } from "./assemble.js";
import { isStopped } from "./early-stopping.js";
import { type Progress, remedyOf } from "./finite.js";
import { learningRatesOf } from "./learning-rates.js";
import type { LoggedFigures } from "./logged-figures.js";
import { meansOf } from "./step-sums.js";
import type { TrainingState } from "./training-state.js";
import type { Validator } from "./validation.js";

export interface EpochEnd {
  spec: ResolvedSpec;
  assembled: Assembled;
  state: TrainingState;
  log: HistoryLog;
  figures: LoggedFigures;
  reporter: Reporter;
  validation: Validator;
  /** What is validated: averages where there are any. */
  parameters(): HostTensors;
  /** For errors. */
  progress(): Progress;
}

/**
 * First step from which validation losses are comparable: all loss weights have reached their final values. Learning rates do
 * not count.
 */
const settledFrom = (assembled: Assembled): number => {
  const rates = new Set(learningRatesOf(assembled).map(({ name }) => name));
  return maximum([0, ...Array.from(assembled.schedules, ({ name, end }) => (rates.has(name) ? 0 : (end ?? 0)))]);
};

/** Logs the means of the epoch and the schedules' last values; returns the scalars by name. */
const logMeans = ({ assembled, state, log, figures }: EpochEnd, epoch: number): Record<string, number> => {
  const { step } = state;
  const at = { step, epoch, split: "train" } as const;
  const scalars: Record<string, number> = {};
  for (const { figure, means } of meansOf(state, figures.byKey, assembled.objective.phases)) {
    const { name, dimensions } = figure;
    for (const [dimension, value] of means.entries())
      log.append({ ...at, name, ...(dimensions !== undefined && { dimension }), value });
    if (dimensions === undefined) scalars[name] = means[0]!;
  }
  for (const [name, value] of Object.entries(assembled.schedules.at(step - 1))) {
    log.append({ ...at, name, value });
    scalars[name] = value;
  }
  state.sums = {};
  state.summed = 0;
  return scalars;
};

/** @throws DIVERGED where the loss is not finite */
const validate = (end: EpochEnd, epoch: number): { validated: Record<string, number>; improved: boolean } => {
  const { spec, assembled, state, log, figures, validation } = end;
  const terms = validation.validate(end.parameters());
  const validated: Record<string, number> = {};
  for (const { figure, data } of figures.valuesOf({ [assembled.objective.phases[0]!.name]: terms })) {
    log.append({ step: state.step, epoch, split: "validation", name: figure.name, value: data[0]! });
    validated[figure.name] = data[0]!;
  }
  const loss = terms.find(({ kind }) => kind === "loss")!.data[0]!;
  if (!Number.isFinite(loss))
    throw new VaelabError("DIVERGED", {
      message: `the validation loss became ${loss} in epoch ${epoch}`,
      remedy: remedyOf(end.progress()),
    });
  if (state.step < settledFrom(assembled)) return { validated, improved: false };
  const minimumGain = spec.training.earlyStopping?.minimumGain ?? 0;
  const improved = state.best === null || loss < state.best.loss - minimumGain;
  state.validationsSinceBest = improved ? 0 : state.validationsSinceBest + 1;
  if (improved) state.best = { step: state.step, loss };
  return { validated, improved };
};

/** @returns which checkpoint is due */
export const endEpoch = (end: EpochEnd, epoch: number): "best" | "planned" | undefined => {
  const { spec, assembled, state, reporter } = end;
  const { validateEvery, checkpointEvery, epochs } = spec.training;
  const train = logMeans(end, epoch);
  const isLast = state.step === assembled.totalSteps;
  const found = epoch % validateEvery === 0 || isLast ? validate(end, epoch) : undefined;
  const validation = found && { validation: found.validated };
  const figures = Object.fromEntries(
    end.log.figures
      .filter(({ name }) => Object.hasOwn({ ...train, ...found?.validated }, name))
      .map((figure) => [figure.name, figure]),
  );
  reporter.event({ type: "epoch", epoch, epochs, step: state.step, train, ...validation, figures });
  if (found?.improved) return "best";
  return epoch % checkpointEvery === 0 || isLast || isStopped(state, spec.training) ? "planned" : undefined;
};
