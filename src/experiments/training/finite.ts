/** A non-finite loss stops the run. The message names the first term that broke, its component, and what to change. */
import type { Dataset } from "../../contracts/dataset.js";
import type { Host, HostTensors } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import type { StepOutputs } from "../../inference/training-program.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { latentPlans } from "../../spec/latents.js";
import { trainingRange } from "./training-range.js";

/** Terms in the order in which one spoils the next, and the parts they come from. */
const ownersOf = ({ model, objective, training }: ResolvedSpec): [term: string, owner: string][] => {
  const latents = latentPlans(model, {});
  const pairs = latents.map(({ name, posterior, prior }) => {
    const pair = `posterior "${posterior.type}" against prior "${prior.type}"`;
    return [name, latents.length === 1 ? pair : `${name}: ${pair}`] as const;
  });
  const all = pairs.map(([, pair]) => pair).join("; ");
  return [
    ["distortion", `likelihood "${model.likelihood.type}" on decoder "${model.decoder.type}"`],
    ...pairs.map(([name, pair]): [string, string] => [`kl/${name}`, pair]),
    ["kl", all],
    ["rate", all],
    ["loss", `objective "${objective.type}"`],
    ["gradientNorm", `the gradient of objective "${objective.type}", optimizer "${training.optimizer.type}"`],
  ];
};

/** Where training stands when a value stops being finite. */
export interface Progress {
  /** Updates made so far. */
  step: number;
  /** The step of the newest checkpoint. */
  saved: number | undefined;
  dataset: Dataset;
}

/** Networks start from weights that suit inputs near 0 and 1. */
const LARGE = 20;
const number = (value: number): string => String(Number(value.toPrecision(4)));

/** Before the first update no learning rate can be at fault; data far from 0 can at any step. */
export const remedyOf = ({ step, saved, dataset }: Progress): string => {
  const { low, high } = trainingRange(dataset);
  const data = `the training data, which range from ${number(low)} to ${number(high)}`;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const scale = `Scale ${data}: npy, npz, idx and csv data take "scale": ${number(largest)}, which divides them.`;
  const isLarge = largest > LARGE;
  const before = "No update has been made yet, so the learning rate is not at fault.";
  if (step === 0)
    return isLarge
      ? `${before} ${scale}`
      : `${before} Check the scales in the likelihood, prior and posterior, the initializers, and ${data}.`;
  const kept = saved === undefined ? "There is no checkpoint yet." : `The checkpoint of step ${saved} is kept.`;
  const restart = `${kept} Start a new run with a lower training.optimizer.learningRate, or with training.clipNorm.`;
  return isLarge ? `${restart} ${scale}` : restart;
};

/** @throws DIVERGED naming the term that went first, and its component. */
export const assertFinite = (outputs: Host<StepOutputs>, spec: ResolvedSpec, progress: Progress): void => {
  const all = Object.values(outputs).flatMap((phase) => Object.entries(phase));
  const broken = all.filter(([, { data }]) => data.some((value) => !Number.isFinite(value)));
  if (broken.length === 0) return;
  const terms = broken.map(([name]) => name);
  const owners = ownersOf(spec);
  const [first, owner] = owners.find(([term]) => terms.includes(term)) ?? [
    terms[0]!,
    `objective "${spec.objective.type}"`,
  ];
  const value = broken.find(([name]) => name === first)?.[1].data.find((x) => !Number.isFinite(x));
  throw new VaelabError("DIVERGED", {
    message: `training diverged at step ${progress.step}: "${first}" became ${value} first (${owner})`,
    remedy: remedyOf(progress),
  });
};

/** The last update can spoil the parameters after every term of its step was finite. @throws DIVERGED before they are saved */
export const assertFiniteParameters = (parameters: HostTensors, progress: Progress): void => {
  for (const [name, { data }] of Object.entries(parameters)) {
    const value = data.find((x) => !Number.isFinite(x));
    if (value !== undefined)
      throw new VaelabError("DIVERGED", {
        message: `training diverged in the update of step ${progress.step - 1}: the parameter "${name}" became ${value}`,
        remedy: remedyOf(progress),
      });
  }
};
