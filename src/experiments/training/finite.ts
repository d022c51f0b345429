/** A non-finite loss stops the run. The message names the first term that broke, its component, and what to change. */
import type { Dataset } from "../../contracts/dataset.js";
import type { HostTensors } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import type { LoggedTerm } from "../../inference/logged-terms.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { latentPlans } from "../../spec/latents.js";
import { outputPlans } from "../../spec/outputs.js";
import { trainingRange } from "./training-range.js";

interface Owner {
  term: string;
  latent?: string;
  field?: string;
  /** The components that it comes from. */
  of: string;
}
/** Terms in the order in which one spoils the next. */
const ownersOf = ({ model, objective, training }: ResolvedSpec): Owner[] => {
  const latents = latentPlans(model, {});
  const pairs = latents.map(({ name, posterior, prior }) => {
    const pair = `posterior "${posterior.type}" against prior "${prior.type}"`;
    return { latent: name, of: latents.length === 1 ? pair : `${name}: ${pair}` };
  });
  return [
    ...outputPlans(model, "").map(({ field, likelihood, decoder }) => ({
      term: "distortion",
      ...(model.outputs && { field }),
      of: `likelihood "${likelihood.type}" on decoder "${decoder.type}"`,
    })),
    ...pairs.map((pair) => ({ term: "kl", ...pair })),
    { term: "rate", of: pairs.map(({ of }) => of).join("; ") },
    { term: "loss", of: `objective "${objective.type}"` },
    {
      term: "gradientNorm",
      of: `the gradient of objective "${objective.type}", optimizer "${training.optimizer.type}"`,
    },
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
  // Networks see counts as ln(1 + x) and categories one-hot.
  const { support } = dataset.fields[dataset.modeled]!;
  const isLarge = largest > LARGE && (support === "real" || support === "positive");
  const before = "No update has been made yet, so the learning rate is not at fault.";
  if (step === 0)
    return isLarge
      ? `${before} ${scale}`
      : `${before} Check the scales in the likelihood, prior and posterior, the initializers, and ${data}.`;
  const kept = saved === undefined ? "There is no checkpoint yet." : `The checkpoint of step ${saved} is kept.`;
  const restart = `${kept} Start a new run with a lower training.optimizer.learningRate, or with training.clipNorm.`;
  return isLarge ? `${restart} ${scale}` : restart;
};

const brokenValue = ({ data }: LoggedTerm): number | undefined => {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return data[i];
  return undefined;
};

/** @param terms that a step logged. @throws DIVERGED naming the term that went first, and its component */
export const assertFinite = (terms: readonly LoggedTerm[], spec: ResolvedSpec, progress: Progress): void => {
  const broken = terms.filter((term) => brokenValue(term) !== undefined);
  if (broken.length === 0) return;
  const known = ownersOf(spec).flatMap(({ term, latent, field, of }) => {
    const own = broken.find((each) => each.term === term && each.latent === latent && each.field === field);
    return own ? [{ own, of }] : [];
  });
  const { own, of } = known[0] ?? { own: broken[0]!, of: `objective "${spec.objective.type}"` };
  const about = own.field ?? (Object.keys(spec.model.latents ?? {}).length > 1 ? own.latent : undefined);
  throw new VaelabError("DIVERGED", {
    message: `training diverged at step ${progress.step}: "${own.term}"${about === undefined ? "" : ` of "${about}"`} became ${brokenValue(own)} first (${of})`,
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
