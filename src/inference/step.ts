/** What a step is fed, and what an objective sees of it, in training and in validation alike. */
import type { CallContext } from "../contracts/call-context.js";
import type { Inferred } from "../contracts/inferred.js";
import type { AddedLoss, StepContext } from "../contracts/objective.js";
import type { Schedule } from "../contracts/schedule.js";
import { VaelabError } from "../errors.js";
import type { Batch, Fields } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { Bindings } from "../tensor/parameters.js";
import { replayable } from "../tensor/replayed-noise.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";

export interface BatchInputs {
  fields: Fields;
  observed?: Fields;
  /** int32 [B]. */
  index: Tensor;
}
export interface KeyedBatch extends BatchInputs {
  /** int32 [2], or [blocks, 2]: the key of the noise. */
  key: Tensor;
}
export interface StepInputs extends KeyedBatch {
  /** The values of the schedules, by name. */
  scalars: Bindings;
}

export const batchOf = ({ fields, observed, index }: BatchInputs): Batch => ({
  fields,
  index,
  ...(observed && { observed }),
});

/** The fed value of a schedule. @throws CONTRACT where it is not fed */
export const scalarOf = ({ name }: Schedule, scalars: Bindings): Scalar => {
  const value = name === undefined ? undefined : scalars[name];
  if (value) return value as Scalar;
  throw new VaelabError("CONTRACT", {
    message: name === undefined ? "a step read a schedule without a name" : `the schedule "${name}" is not fed`,
    remedy: "Derive a schedule from another with `schedule.derive(name, curve)`, when the component is created.",
  });
};

export interface Step {
  batch: Batch;
  noise: Noise;
  training: boolean;
  scalars: Bindings;
  /** Values that the inference network reads instead of its own. */
  proposal?: Bindings;
}

export const stepContext = (
  { model, trainingSize, knownShare }: Pick<StepContext, "model" | "trainingSize" | "knownShare">,
  { batch, noise, training, scalars, proposal }: Step,
): StepContext => {
  let inferred: Inferred | undefined;
  const losses: AddedLoss[] = [];
  // A refit is fed its learning rate alone: the schedules of the model have ended.
  const scalar = (schedule: Schedule): Scalar => (proposal ? tf.scalar(schedule.final) : scalarOf(schedule, scalars));
  const addLoss: CallContext["loss"] = (name, value, latent) => {
    if (losses.some((other) => other.name === name && other.latent === latent))
      throw new VaelabError("CONTRACT", { message: `two losses named "${name}" are added in one step` });
    losses.push({ name, value, ...(latent !== undefined && { latent }) });
  };
  const call = (name: string, own = noise.fork(name)): CallContext => ({
    training,
    noise: own,
    purpose: "data",
    scalar,
    loss: addLoss,
  });
  let replay: (() => Noise) | undefined;
  const infer = (samples: number): Inferred => {
    const recorded = replayable(noise.fork("infer"));
    replay = recorded.replay;
    const context = { ...call("infer", recorded.noise), samples, ...(proposal && { proposal }) };
    inferred = model.infer(batch, context);
    return inferred;
  };
  const inferAt: StepContext["inferAt"] = (given, options) => {
    const samples = Object.values(given)[0]?.shape[0];
    if (!replay || samples === undefined)
      throw new VaelabError("CONTRACT", { message: "values of the latents are scored before anything is inferred" });
    const context = { ...call("infer", replay()), loss: () => {}, samples, given, ...options };
    return model.infer(batch, { ...context, ...(proposal && { proposal }) });
  };
  return {
    batch,
    noise,
    training,
    model,
    trainingSize,
    scalar,
    call: (name) => call(name),
    infer,
    inferAt,
    inferred: () => inferred ?? infer(1),
    losses: () => losses,
    ...(knownShare && { knownShare }),
  };
};
