/** Adds the losses of the heads to the first phase of an objective; they use the latents that this phase inferred. */
import type { Head } from "../contracts/head.js";
import type { Objective, Phase, Terms } from "../contracts/objective.js";
import { type Scalar, tf } from "../tensor/tensor.js";

const HEADS = "heads/";

const withLosses = (phase: Phase, heads: readonly Head[]): Phase => ({
  name: phase.name,
  every: phase.every,
  ...(phase.optimizer && { optimizer: phase.optimizer }),
  variables: (name) => phase.variables(name) || name.startsWith(HEADS),
  terms: (step) => {
    const own = phase.terms(step);
    const inferred = step.inferred();
    const { batch, training } = step;
    const added = heads.flatMap(({ plan, terms }, i): [string, Terms][] => {
      const made = terms?.({
        batch,
        training,
        noise: step.noise.fork(`heads/${i}`),
        inferred,
        scalar: (schedule) => step.scalar(schedule),
      });
      return made ? [[plan.field, made]] : [];
    });
    const named = added.flatMap(([field, { terms }]) =>
      Object.entries(terms).map(([name, value]): [string, Scalar] => [`${field}.${name}`, value]),
    );
    return {
      ...own,
      loss: added.reduce<Scalar>((loss, [, { loss: more }]) => tf.add(loss, more), own.loss),
      terms: { ...own.terms, ...Object.fromEntries(named) },
    };
  },
});

export const withHeads = (objective: Objective, heads: readonly Head[]): Objective =>
  heads.some(({ terms }) => terms)
    ? { phases: objective.phases.map((phase, i) => (i === 0 ? withLosses(phase, heads) : phase)) }
    : objective;
