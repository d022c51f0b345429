/**
 * An objective with what the parts of the model add to its first phase: the losses of heads, which read what that phase inferred,
 * and those that parts add with `CallContext.loss`.
 */
import type { Head } from "../contracts/head.js";
import type { Objective, Phase, Terms } from "../contracts/objective.js";
import { VaelabError } from "../errors.js";
import { type Scalar, tf } from "../tensor/tensor.js";

const HEADS = "heads/";

const sum = (loss: Scalar, more: readonly Scalar[]): Scalar =>
  more.reduce<Scalar>((total, each) => tf.add(total, each), loss);

/** Terms of several origins. @throws CONTRACT where two have one name */
const joined = (...origins: readonly Terms["terms"][]): Terms["terms"] => {
  const names = origins.flatMap((terms) => Object.keys(terms));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new VaelabError("CONTRACT", {
      message: `two terms of a step are named "${twice}"`,
      remedy: "Give the losses that a component adds names that the objective does not log.",
    });
  return Object.assign({}, ...origins) as Terms["terms"];
};

const withLosses = (phase: Phase, heads: readonly Head[]): Phase => ({
  name: phase.name,
  every: phase.every,
  ...(phase.optimizer && { optimizer: phase.optimizer }),
  variables: (name) => phase.variables(name) || name.startsWith(HEADS),
  terms: (step) => {
    const own = phase.terms(step);
    const ofHeads = heads.flatMap(({ plan, terms }, i): { loss: Scalar; terms: Terms["terms"] }[] => {
      const made = terms?.({ ...step.call(`heads/${i}`), batch: step.batch, inferred: step.inferred() });
      if (!made) return [];
      const named = Object.entries(made.terms).map(([name, value]) => [`${plan.field}.${name}`, value] as const);
      return [{ loss: made.loss, terms: Object.fromEntries(named) }];
    });
    const ofParts = step.losses();
    return {
      ...own,
      loss: sum(own.loss, [...ofHeads.map(({ loss }) => loss), ...Object.values(ofParts)]),
      terms: joined(own.terms, ...ofHeads.map(({ terms }) => terms), ofParts),
    };
  },
});

export const withAddedLosses = (objective: Objective, heads: readonly Head[]): Objective => ({
  phases: objective.phases.map((phase, i) => (i === 0 ? withLosses(phase, heads) : phase)),
});
