/**
 * An objective with what is added to its first phase: the losses of heads, which read what that phase inferred, the penalties of
 * regularizers, and the losses that parts of the model add with `CallContext.loss`; and with the phases of regularizers.
 */
import type { Head } from "../contracts/head.js";
import type { TermDeclarations } from "../contracts/logged-figure.js";
import type { AddedLoss, Objective, Phase, StepContext, Terms } from "../contracts/objective.js";
import { VaelabError } from "../errors.js";
import { wrapPhase } from "../inference/wrap-phase.js";
import { mapValues } from "../numerics/records.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";
import { ownPhases, penaltiesOf, penaltyFigures, type Regularizers } from "./regularizers.js";

/** What is added to an objective. */
export interface Added {
  heads: readonly Head[];
  regularizers: Regularizers;
}

/** Prefixes of the parameters of heads and regularizers. */
const OF_ADDED = /^(heads|regularizers)\//;

const sum = (loss: Scalar, more: readonly Scalar[]): Scalar =>
  more.reduce<Scalar>((total, each) => tf.add(total, each), loss);

/** Terms of several origins. @throws CONTRACT where two have one name */
const joined = <T extends Tensor>(...origins: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> => {
  const names = origins.flatMap((terms) => Object.keys(terms));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new VaelabError("CONTRACT", {
      message: `two terms of a step are named "${twice}"`,
      remedy: "Give the losses that a component adds names that the objective does not log.",
    });
  return Object.assign({}, ...origins) as Readonly<Record<string, T>>;
};

interface OfField<T> {
  field: string;
  of: T;
}
/** By field, what several heads have of it. */
const groupByField = <T>(all: readonly OfField<T>[]): Record<string, T[]> => {
  const groups: Record<string, T[]> = {};
  for (const { field, of } of all) groups[field] = [...(groups[field] ?? []), of];
  return groups;
};

/** What each head adds to the loss and logs in this step. */
const stepHeads = (step: StepContext, heads: Added["heads"]): OfField<Pick<Terms, "loss" | "terms">>[] =>
  heads.flatMap(({ plan, terms }, i) => {
    const made = terms?.({
      ...step.call(`heads/${i}`),
      batch: step.batch,
      inferred: step.inferred(),
      ...(step.knownShare && { knownShare: step.knownShare }),
    });
    return made ? [{ field: plan.field, of: made }] : [];
  });

const valuesOf = (losses: readonly AddedLoss[]): Terms["terms"] =>
  Object.fromEntries(losses.map(({ name, value }) => [name, value]));

/** The terms of each latent that losses are about, these among them. */
const lossesByLatent = (
  { byLatent = {} }: Pick<Terms, "byLatent">,
  losses: readonly AddedLoss[],
): NonNullable<Terms["byLatent"]> => {
  const latents = new Set(losses.flatMap(({ latent }) => latent ?? []));
  return Object.fromEntries(
    Array.from(latents, (name) => [
      name,
      joined(byLatent[name] ?? {}, valuesOf(losses.filter(({ latent }) => latent === name))),
    ]),
  );
};

const withLosses = (phase: Phase, { heads, regularizers }: Added): Phase => {
  const ofFields = heads.flatMap(({ plan, figures }) => (figures ? [{ field: plan.field, of: figures }] : []));
  return wrapPhase(phase, {
    figures: { ...penaltyFigures(regularizers), ...phase.figures },
    figuresByField: mapValues(groupByField(ofFields), (all): TermDeclarations => Object.assign({}, ...all)),
    variables: (name) => phase.variables(name) || OF_ADDED.test(name),
    terms: (step) => {
      const own = phase.terms(step);
      const ofHeads = stepHeads(step, heads);
      const penalties = penaltiesOf(step, regularizers);
      const ofParts = step.losses();
      const ofModel = ofParts.filter(({ latent }) => latent === undefined);
      const added = [...ofHeads.map(({ of }) => of), ...penalties];
      const ofOutputs = Object.entries(own.byField ?? {}).map(([field, of]) => ({ field, of }));
      const fields = groupByField([...ofOutputs, ...ofHeads.map(({ field, of }) => ({ field, of: of.terms }))]);
      return {
        ...own,
        loss: sum(own.loss, [...added.map(({ loss }) => loss), ...ofParts.map(({ value }) => value)]),
        terms: joined(own.terms, ...penalties.map(({ terms }) => terms), valuesOf(ofModel)),
        byLatent: { ...own.byLatent, ...lossesByLatent(own, ofParts) },
        byField: mapValues(fields, (all) => joined(...all)),
      };
    },
  });
};

export const withAddedLosses = (objective: Objective, added: Added): Objective => {
  const own = ownPhases(added.regularizers);
  const isMovedThere = (name: string): boolean => own.some((phase) => phase.variables(name));
  const phases = objective.phases
    .map((phase, i) => (i === 0 ? withLosses(phase, added) : phase))
    .map((phase) =>
      own.length === 0
        ? phase
        : wrapPhase(phase, { variables: (name) => phase.variables(name) && !isMovedThere(name) }),
    );
  return {
    ...([objective, ...Object.values(added.regularizers)].some(({ matchesPrior }) => matchesPrior) && {
      matchesPrior: true,
    }),
    phases: [...phases, ...own],
  };
};
