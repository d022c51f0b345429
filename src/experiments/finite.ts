/** A loss that is not finite stops the run; the message names what went first, and whose it is. */
import { VaelabError } from "../core/errors.js";
import type { ResolvedSpec } from "../core/experiment-schema.js";
import type { HostTensors } from "../core/program.js";

/** Terms in the order in which one spoils the next, and the parts they come from. */
const ownersOf = ({ model, objective, training }: ResolvedSpec): [term: string, owner: string][] => [
  ["distortion", `likelihood "${model.likelihood.type}" on decoder "${model.decoder.type}"`],
  ["kl", `posterior "${model.posterior.type}" against prior "${model.prior.type}"`],
  ["rate", `posterior "${model.posterior.type}" against prior "${model.prior.type}"`],
  ["loss", `objective "${objective.type}"`],
  ["gradientNorm", `the gradient of objective "${objective.type}", optimizer "${training.optimizer.type}"`],
];

export const assertFinite = (outputs: HostTensors, spec: ResolvedSpec, step: number): void => {
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
    remedy: "The last good checkpoint is kept. Lower training.optimizer.learningRate, or set training.clipNorm.",
  });
};
