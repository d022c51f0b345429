/** An objective with what heads add: their losses go to its first phase, whatever it is, from the sites that it inferred. */
import type { Head } from "../contracts/head.js";
import type { Objective, Phase, StepContext, Terms } from "../contracts/objective.js";
import { type Scalar, tf } from "../tensor/tensor.js";
import type { JoinedModel } from "./latent-variable-model.js";

const HEADS = "heads/";

const withLosses = (phase: Phase, heads: readonly Head[], model: JoinedModel): Phase => ({
  name: phase.name,
  every: phase.every,
  ...(phase.optimizer && { optimizer: phase.optimizer }),
  variables: (name) => phase.variables(name) || name.startsWith(HEADS),
  terms: (step) => {
    let inferred: { sites: ReturnType<StepContext["infer"]>; samples: number } | undefined;
    const infer: StepContext["infer"] = (samples) => {
      inferred = { sites: step.infer(samples), samples };
      return inferred.sites;
    };
    const own = phase.terms({ ...step, infer });
    const { sites, samples } = inferred ?? { sites: step.infer(1), samples: 1 };
    const { batch, training } = step;
    const added = heads.flatMap(({ plan, terms }, i): [string, Terms][] => {
      const made = terms?.({
        batch,
        training,
        noise: step.noise.fork(`heads/${i}`),
        inferred: model.inferredWith(sites, samples),
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

export const withHeads = (objective: Objective, heads: readonly Head[], model: JoinedModel): Objective =>
  heads.some(({ terms }) => terms)
    ? { phases: objective.phases.map((phase, i) => (i === 0 ? withLosses(phase, heads, model) : phase)) }
    : objective;
