/**
 * Training loop: epochs in seeded order, one program call per step, validation, early stopping, checkpoints. It can stop
 * after any step and resume from the checkpoint to the same bytes.
 */
import type { Dataset } from "../../contracts/dataset.js";
import type { HostTensors, ProgramRunner, RunningProgram } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { listTerms } from "../../inference/logged-terms.js";
import {
  phasesDue,
  type StepOutputs,
  type StepState,
  type TrainingInputs,
  type TrainingProgram,
  trainingProgram,
} from "../../inference/training-program.js";
import { mapValues } from "../../numerics/records.js";
import { noiseKey, permutation, stream } from "../../numerics/streams.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { type CheckpointContents, checkpointFolder, writeCheckpoint } from "../../storage/checkpoint.js";
import type { HistoryLog } from "../../storage/history.js";
import { breathe } from "../evaluation/evaluation-program.js";
import { meter, type Reporter } from "../runs/reporter.js";
import type { Assembled } from "./assemble.js";
import { keyInput, scalarInput, scalarInputs } from "./batches.js";
import { asCheckpoint, fromCheckpoint, scoredParameters } from "./checkpoint-tensors.js";
import { isStopped } from "./early-stopping.js";
import { weightOfStep } from "./ema.js";
import { type EpochEnd, endEpoch } from "./epoch-end.js";
import { assertFinite, assertFiniteParameters } from "./finite.js";
import { LoggedFigures } from "./logged-figures.js";
import { residentSplit } from "./resident-split.js";
import { addToSums } from "./step-sums.js";
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

const stepProgram = ({ spec, dataset, assembled }: TrainerOptions): TrainingProgram => {
  const { clipNorm, ema } = spec.training;
  return trainingProgram({
    ...assembled,
    trainingSize: dataset.sizes.train,
    ...(clipNorm !== undefined && { clipNorm }),
    averaged: ema !== undefined,
    ...(dataset.transform && { transform: dataset.transform.bind(dataset) }),
  });
};

/** Checkpoints of a training under way. */
class Checkpoints {
  /** The step of the newest one. */
  newest: number | undefined;

  constructor(
    private readonly options: TrainerOptions,
    private readonly state: TrainingState,
    private readonly program: RunningProgram<StepState, TrainingInputs, StepOutputs>,
  ) {
    this.newest = options.tensors ? state.step : undefined;
  }

  progress() {
    return { step: this.state.step, saved: this.newest, dataset: this.options.dataset };
  }

  /** An interrupted one leaves no trace in what is kept later: the planned one before it stays, and outlives it. */
  save(why: "planned" | "best" | "interrupted"): void {
    const { state } = this;
    const { folder, log, checkpointed } = this.options;
    const contents: CheckpointContents = { ...asCheckpoint(this.program.readState()), state };
    assertFiniteParameters(contents.model, this.progress());
    const previous = state.checkpoint;
    state.historyOffset = log.flush();
    if (why !== "interrupted") state.checkpoint = state.step;
    writeCheckpoint(folder, state.step, contents, why === "best" ? "best" : undefined, previous);
    this.newest = state.step;
    checkpointed(state.step);
  }

  /** @throws INTERRUPTED once the newest step is saved */
  interrupt(): never {
    const { step } = this.state;
    if (this.newest !== step) this.save("interrupted");
    throw new VaelabError("INTERRUPTED", {
      message: `interrupted after step ${step} of ${this.options.assembled.totalSteps}; the checkpoint is written`,
      remedy: `Continue with: vaelab resume ${this.options.folder}`,
    });
  }
}

/** What is fed beside the rows of the batch. */
const scheduledInputs = ({ spec, assembled }: TrainerOptions, step: number) => {
  const { ema } = spec.training;
  return {
    scalars: scalarInputs(assembled.schedules.at(step)),
    ...(ema && { averageWeight: scalarInput(weightOfStep(ema, step)) }),
    key: keyInput(noiseKey(spec.seed, "noise", step)),
  };
};

export const train = async (options: TrainerOptions): Promise<TrainingState> => {
  const { spec, dataset, assembled, runner, log, reporter, signal } = options;
  const { objective, stepsPerEpoch, totalSteps } = assembled;
  const { batchSize } = spec.training;
  const state = structuredClone(options.state);
  const batches = residentSplit(dataset, "train", "training");
  const step = stepProgram(options);
  const program = runner.start(batches.program(step));
  const validation = validator(assembled, dataset, runner, spec.seed);
  const checkpoints = new Checkpoints(options, state, program);
  const progress = meter(reporter, "training", "step");
  const figures = new LoggedFigures(assembled, log);
  const end: EpochEnd = {
    ...{ spec, assembled, state, log, figures, reporter, validation },
    parameters: () => scoredParameters(program.readState()),
    progress: () => checkpoints.progress(),
  };
  try {
    if (options.tensors) {
      const where = checkpointFolder(options.folder, state.step);
      program.writeState(fromCheckpoint(options.tensors, step.initialState, where));
    }
    let order: Int32Array | undefined;
    while (state.step < totalSteps && !isStopped(state, spec.training)) {
      const epoch = Math.floor(state.step / stepsPerEpoch);
      const inEpoch = state.step % stepsPerEpoch;
      if (!order || inEpoch === 0) order = permutation(dataset.sizes.train, stream(spec.seed, `order/${epoch}`));
      if (signal?.aborted) checkpoints.interrupt();
      const rows = order.slice(inEpoch * batchSize, (inEpoch + 1) * batchSize);
      const inputs = { ...batches.inputs(rows), ...scheduledInputs(options, state.step) };
      const outputs = program.call(inputs, phasesDue(objective, state.step));
      const terms = mapValues(outputs, listTerms);
      assertFinite(Object.values(terms).flat(), spec, checkpoints.progress());
      addToSums(state, figures.valuesOf(terms));
      state.step++;
      const loss = outputs[objective.phases[0]!.name]?.loss.data[0];
      progress(state.step, totalSteps, { epoch: epoch + 1, ...(loss !== undefined && { loss }) });
      if (state.step % stepsPerEpoch === 0) {
        const due = endEpoch(end, epoch + 1);
        if (due) checkpoints.save(due);
      }
      await breathe();
    }
    return state;
  } finally {
    validation.dispose();
    program.dispose();
  }
};
