/** A loss that is not finite stops the run; the message names what went first, and whose it is. */

import type { HostTensors } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";

/** Terms in the order in which one spoils the next, and the parts they come from. */
const ownersOf = ({ model, objective, training }: ResolvedSpec): [term: string, owner: string][] => [
  ["distortion", `likelihood "${model.likelihood.type}" on decoder "${model.decoder.type}"`],
  ["kl", `posterior "${model.posterior.type}" against prior "${model.prior.type}"`],
  ["rate", `posterior "${model.posterior.type}" against prior "${model.prior.type}"`],
  ["loss", `objective "${objective.type}"`],
  ["gradientNorm", `the gradient of objective "${objective.type}", optimizer "${training.optimizer.type}"`],
];

/** @param saved the step of the newest checkpoint. */
export const remedyOf = (saved: number | undefined): string =>
  `${saved === undefined ? "There is no checkpoint yet." : `The checkpoint of step ${saved} is kept.`} Start a new run with a lower training.optimizer.learningRate, or with training.clipNorm.`;

/** @throws DIVERGED naming the term that went first, and its component. */
export const assertFinite = (
  outputs: HostTensors,
  spec: ResolvedSpec,
  step: number,
  saved: number | undefined,
): void => {
  const broken = Object.entries(outputs).filter(([, { data }]) => data.some((value) => !Number.isFinite(value)));
  if (broken.length === 0) return;
  const terms = broken.map(([name]) => name.slice(name.indexOf(".") + 1));
  const owners = ownersOf(spec);
  const [first, owner] = owners.find(([term]) => terms.includes(term)) ?? [
    terms[0]!,
    `objective "${spec.objective.type}"`,
  ];
  const value = broken.find(([name]) => name.endsWith(`.${first}`))?.[1].data.find((x) => !Number.isFinite(x));
  throw new VaelabError("DIVERGED", {
    message: `training diverged at step ${step}: "${first}" became ${value} first (${owner})`,
    remedy: remedyOf(saved),
  });
};

/** A last update can spoil the parameters after all terms of its step were finite. @throws DIVERGED before such are saved. */
export const assertFiniteParameters = (parameters: HostTensors, step: number, saved: number | undefined): void => {
  for (const [name, { data }] of Object.entries(parameters)) {
    const value = data.find((x) => !Number.isFinite(x));
    if (value !== undefined)
      throw new VaelabError("DIVERGED", {
        message: `training diverged in the update of step ${step - 1}: the parameter "${name}" became ${value}`,
        remedy: remedyOf(saved),
      });
  }
};
