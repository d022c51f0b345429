/**
 * The least memory that training takes, before anything is trained. With P values of parameters, of which T are trained, and S = P
 * + (optimizer slots + averages) T values of state:
 *
 *     P initial values + 3 S (the engine's state, what a checkpoint reads of it, and the bytes of its file)
 *     + the examples of a training split that stays with the engine, twice
 *
 * What layers pass on comes on top, so a model that this lets through may still be too large.
 */
import type { Dataset } from "../../contracts/dataset.js";
import type { Objective } from "../../contracts/objective.js";
import type { Optimizer } from "../../contracts/optimizer.js";
import { VaelabError } from "../../errors.js";
import { availableMemory, describeBytes } from "../../storage/memory.js";
import { sizeOf } from "../../tensor/fields.js";
import type { ParameterStore } from "../../tensor/parameters.js";
import { residentBytes } from "./resident-split.js";

export interface ToBeTrained {
  store: ParameterStore;
  objective: Objective;
  optimizer: Optimizer;
  dataset: Dataset;
  /** Averages of the trained parameters are kept. */
  averaged: boolean;
}

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Values that are held beside the parameters: each phase keeps slots of what it trains. */
const slotsAndAverages = ({
  store,
  objective,
  optimizer,
  averaged,
}: ToBeTrained): { slots: number; averages: number } => {
  const trained = store.parameters.filter(({ trainable }) => trainable);
  const valuesOf = (isTrained: (name: string) => boolean): number =>
    trained.reduce((sum, { name, shape }) => sum + (isTrained(name) ? sizeOf(shape) : 0), 0);
  return {
    slots: objective.phases.reduce(
      (sum, phase) => sum + valuesOf((name) => phase.variables(name)) * (phase.optimizer ?? optimizer).slots.length,
      0,
    ),
    averages: averaged ? valuesOf(() => true) : 0,
  };
};

/** @throws MEMORY with the sum, where it cannot fit. @param available in bytes */
export const assertFits = (model: ToBeTrained, available: () => number = availableMemory): void => {
  const parameters = model.store.size;
  const { slots, averages } = slotsAndAverages(model);
  const weights = (4 * parameters + 3 * (slots + averages)) * BYTES;
  const examples = 2 * residentBytes(model.dataset, "train");
  const free = available();
  if (weights + examples <= free) return;
  const beside = [
    `${parameters} parameters`,
    slots > 0 && `${slots} optimizer slots`,
    averages > 0 && `${averages} averages`,
  ];
  const held = `${beside.filter(Boolean).join(", ")}, with a copy of each for a checkpoint, take ${describeBytes(weights)}`;
  throw new VaelabError("MEMORY", {
    message: `training needs at least ${describeBytes(weights + examples)} of memory, and ${describeBytes(free)} is free: ${held}${examples > 0 ? `, and the training examples ${describeBytes(examples)}` : ""}`,
    remedy: `Make layers smaller${slots > 0 ? ", use an optimizer with fewer slots, such as sgd" : ""}${averages > 0 ? ", leave out training.ema" : ""}, or use a machine with more memory.`,
  });
};
