/**
 * The names that the state of a training program has in the files of a checkpoint:
 *
 *     model      VARIABLE                          what is scored: averages where there are any, else the parameters
 *     optimizer  optimizer/PHASE/VARIABLE/SLOT, optimizer/PHASE/GLOBAL
 *                trained/VARIABLE                  the weights that training goes on from, where the model file has their averages
 */
import type { Host, HostTensor, HostTensors } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import type { OptimizerState } from "../../inference/phase.js";
import type { StepState } from "../../inference/training-program.js";
import { mapValues } from "../../numerics/records.js";
import type { CheckpointContents } from "../../storage/checkpoint.js";
import { takeTensor } from "./checked-tensors.js";

const slotName = (phase: string, variable: string, slot: string): string => `optimizer/${phase}/${variable}/${slot}`;
const globalName = (phase: string, name: string): string => `optimizer/${phase}/${name}`;
const trainedName = (variable: string): string => `trained/${variable}`;

const optimizerTensors = (phase: string, { slots, globals }: Host<OptimizerState>): [string, HostTensor][] => [
  ...Object.entries(slots).flatMap(([variable, own]) =>
    Object.entries(own).map(([slot, tensor]): [string, HostTensor] => [slotName(phase, variable, slot), tensor]),
  ),
  ...Object.entries(globals).map(([name, tensor]): [string, HostTensor] => [globalName(phase, name), tensor]),
];

/** What is validated and scored, by the names of the parameters. */
export const scoredParameters = ({
  parameters,
  averages,
}: Pick<Host<StepState>, "parameters" | "averages">): HostTensors => ({ ...parameters, ...averages });

export const asCheckpoint = (state: Host<StepState>): Pick<CheckpointContents, "model" | "optimizer"> => {
  const { parameters, averages, optimizers } = state;
  const trained = Object.keys(averages).map((name): [string, HostTensor] => [trainedName(name), parameters[name]!]);
  const slots = Object.entries(optimizers).flatMap(([phase, optimizer]) => optimizerTensors(phase, optimizer));
  return { model: scoredParameters(state), optimizer: Object.fromEntries([...slots, ...trained]) };
};

/**
 * The way back.
 * @param tensors of both files together
 * @param initial the state that the program starts with: what it holds is what the checkpoint has to
 * @param where the checkpoint, for messages
 * @throws CHECKPOINT at a tensor that is missing, one too many, or one of another shape or type
 */
export const fromCheckpoint = (
  tensors: HostTensors,
  initial: Host<StepState>,
  where = "the checkpoint",
): Host<StepState> => {
  const left = new Set(Object.keys(tensors));
  const take = (name: string, { shape }: HostTensor): HostTensor => {
    left.delete(name);
    return takeTensor(tensors, name, shape, where);
  };
  const { parameters, averages, optimizers, copies } = initial;
  const state: Host<StepState> = {
    parameters: mapValues(parameters, (own, name) => take(name in averages ? trainedName(name) : name, own)),
    averages: mapValues(averages, (own, name) => take(name, own)),
    optimizers: mapValues(optimizers, ({ slots, globals }, phase) => ({
      slots: mapValues(slots, (own, variable) =>
        mapValues(own, (value, slot) => take(slotName(phase, variable, slot), value)),
      ),
      globals: mapValues(globals, (own, name) => take(globalName(phase, name), own)),
    })),
    copies,
  };
  const [extra] = left;
  if (extra !== undefined)
    throw new VaelabError("CHECKPOINT", { message: `it holds "${extra}", which this run does not use`, where });
  return state;
};
