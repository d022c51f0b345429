/**
 * The training loop: epochs of seeded order, one program call a step, validation, early stopping, checkpoints. It can stop
 * after any step and go on from the checkpoint to the same bytes.
 */
import type { Dataset } from "../../contracts/dataset.js";
import type { HostTensors, ProgramRunner, RunningProgram } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { phasesDue, trainingProgram } from "../../inference/training-program.js";
import { noiseKey, permutation, stream } from "../../numerics/streams.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { type CheckpointContents, writeCheckpoint } from "../../storage/checkpoint.js";
import type { HistoryLog } from "../../storage/history.js";
import { breathe } from "../evaluation/evaluation-program.js";
import { meter, type Reporter } from "../runs/reporter.js";
import type { Assembled } from "./assemble.js";
import { keyInput, scalarInputs } from "./batches.js";
import { isStopped } from "./early-stopping.js";
import { asCheckpoint, fromCheckpoint, weightOfStep } from "./ema.js";
import { assertFinite, assertFiniteParameters, remedyOf } from "./finite.js";
import { learningRatesOf } from "./learning-rates.js";
import { residentSplit } from "./resident-split.js";
import type { TrainingState } from "./training-state.js";
import { validator } from "./validation.js";

export interface TrainerOptions {
  spec: ResolvedSpec;
  dataset: Dataset;
  assembled: Assembled;
  runner: ProgramRunner;
  folder: string;
  state: TrainingState;
  /** Tensors of the checkpoint that it goes on from. */
  tensors?: HostTensors;
  log: HistoryLog;
  reporter: Reporter;
  signal?: AbortSignal;
  /** Called after every checkpoint: what is durable now. */
  checkpointed(step: number): void;
}

/** "elbo.rate" → "rate" where the objective has one phase. */
const logName = (output: string, phases: number): string =>
  phases === 1 ? output.slice(output.indexOf(".") + 1) : output.replace(".", "/");

/** Adds a step's outputs to the epoch's sums. */
const accumulate = (state: TrainingState, outputs: HostTensors): void => {
  for (const [name, { data }] of Object.entries(outputs)) {
    const sums = (state.sums[name] ??= Array.from({ length: data.length }, () => 0));
    for (let i = 0; i < data.length; i++) sums[i]! += data[i]!;
  }
  state.summed++;
};

export const train = async (options: TrainerOptions): Promise<TrainingState> => {
  const { spec, dataset, assembled, runner, folder, log, reporter, signal, checkpointed } = options;
  const { objective, schedules, stepsPerEpoch, totalSteps } = assembled;
  const { batchSize, validateEvery, checkpointEvery, earlyStopping, epochs, clipNorm, ema } = spec.training;
  const state = structuredClone(options.state);
  const split = dataset.split("train", "training");
  const batches = residentSplit(dataset, "train", "training");
  const program: RunningProgram = runner.start(
    batches.program(
      trainingProgram({
        ...assembled,
        trainingSize: dataset.sizes.train,
        ...(clipNorm !== undefined && { clipNorm }),
        averaged: ema !== undefined,
        ...(dataset.transform && { transform: dataset.transform.bind(dataset) }),
      }),
    ),
  );
  const validation = validator(assembled, dataset, runner, spec.seed);
  // The validation loss is comparable only once all weights in it have stopped moving; a learning rate is none.
  const rates = new Set(learningRatesOf(assembled).map(({ name }) => name));
  const settled = Math.max(0, ...Array.from(schedules, ({ name, end }) => (rates.has(name) ? 0 : (end ?? 0))));
  const progress = meter(reporter, "training", "step");

  const record = (epoch: number, where: "train" | "validation", name: string, value: number): void =>
    log.append({ step: state.step, epoch, split: where, name, value });
  /** The step of the newest checkpoint. */
  let saved = options.tensors ? state.step : undefined;
  const standing = () => ({ step: state.step, saved, dataset });
  /** One that nobody planned leaves no trace in what is kept later: the planned one before it stays, and outlives it. */
  const save = (why: "planned" | "best" | "interrupted"): void => {
    const contents: CheckpointContents = { ...asCheckpoint(program.readState()), state };
    assertFiniteParameters(contents.model, standing());
    const previous = state.checkpoint;
    state.historyOffset = log.flush();
    if (why !== "interrupted") state.checkpoint = state.step;
    writeCheckpoint(folder, state.step, contents, why === "best" ? "best" : undefined, previous);
    saved = state.step;
    checkpointed(state.step);
  };

  const endEpoch = (epoch: number): void => {
    const means: Record<string, number> = {};
    // By name: a checkpoint in mid-epoch does not keep the order in which they came.
    for (const [output, sums] of Object.entries(state.sums).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const name = logName(output, objective.phases.length);
      sums.forEach((sum, i) => {
        const mean = sum / state.summed;
        record(epoch, "train", sums.length === 1 ? name : `${name}/${i}`, mean);
        if (sums.length === 1) means[name] = mean;
      });
    }
    for (const [name, value] of Object.entries(schedules.at(state.step - 1))) record(epoch, "train", name, value);
    state.sums = {};
    state.summed = 0;

    const last = state.step === totalSteps;
    let validated: Record<string, number> | undefined;
    let improved = false;
    if (epoch % validateEvery === 0 || last) {
      validated = validation.validate(asCheckpoint(program.readState()).model);
      for (const [name, value] of Object.entries(validated)) record(epoch, "validation", name, value);
      const loss = validated.loss!;
      if (!Number.isFinite(loss))
        throw new VaelabError("DIVERGED", {
          message: `the validation loss became ${loss} in epoch ${epoch}`,
          remedy: remedyOf(standing()),
        });
      if (state.step >= settled) {
        improved = state.best === null || loss < state.best.loss - (earlyStopping?.minimumGain ?? 0);
        state.validationsSinceBest = improved ? 0 : state.validationsSinceBest + 1;
        if (improved) state.best = { step: state.step, loss };
      }
    }
    reporter.event({
      type: "epoch",
      epoch,
      epochs,
      step: state.step,
      train: means,
      ...(validated && { validation: validated }),
    });
    if (improved) save("best");
    else if (epoch % checkpointEvery === 0 || last || isStopped(state, spec.training)) save("planned");
  };

  try {
    if (options.tensors) program.writeState(fromCheckpoint(options.tensors));
    let order: Int32Array | undefined;
    while (state.step < totalSteps && !isStopped(state, spec.training)) {
      const epoch = Math.floor(state.step / stepsPerEpoch);
      const inEpoch = state.step % stepsPerEpoch;
      if (!order || inEpoch === 0) order = permutation(split.size, stream(spec.seed, `order/${epoch}`));
      if (signal?.aborted) {
        if (saved !== state.step) save("interrupted");
        throw new VaelabError("INTERRUPTED", {
          message: `interrupted after step ${state.step} of ${totalSteps}; the checkpoint is written`,
          remedy: `Go on with: vaelab resume ${folder}`,
        });
      }
      const outputs = program.call(
        {
          ...batches.inputs(order.slice(inEpoch * batchSize, (inEpoch + 1) * batchSize)),
          ...scalarInputs(schedules.at(state.step)),
          ...(ema && scalarInputs({ average: weightOfStep(ema, state.step) })),
          key: keyInput(noiseKey(spec.seed, "noise", state.step)),
        },
        phasesDue(objective, state.step),
      );
      assertFinite(outputs, spec, standing());
      accumulate(state, outputs);
      state.step++;
      const loss = outputs[`${objective.phases[0]!.name}.loss`]?.data[0];
      progress(state.step, totalSteps, { epoch: epoch + 1, ...(loss !== undefined && { loss }) });
      if (state.step % stepsPerEpoch === 0) endEpoch(epoch + 1);
      await breathe();
    }
    return state;
  } finally {
    validation.dispose();
    program.dispose();
  }
};
