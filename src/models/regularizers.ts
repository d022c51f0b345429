/** What regularizers add to an objective: weighted penalties to its first phase, and phases of their own after its phases. */
import type { TermDeclarations } from "../contracts/logged-figure.js";
import type { Phase, StepContext, Terms } from "../contracts/objective.js";
import type { Penalty, Regularizer } from "../contracts/regularizer.js";
import { wrapPhase } from "../inference/wrap-phase.js";
import { type Scalar, tf } from "../tensor/tensor.js";

/** By the name under which the penalty is logged. */
export type Regularizers = Readonly<Record<string, Regularizer>>;

/** Where the parameters of a regularizer stand. */
export const parametersOf = (name: string): string => `regularizers/${name}`;

const hasTerms = (penalty: Scalar | Penalty): penalty is Penalty => "terms" in penalty;

const prefixed = <T>(name: string, terms: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(terms).map(([term, value]) => [`${name}.${term}`, value]));

export const penaltiesOf = (step: StepContext, regularizers: Regularizers): Pick<Terms, "loss" | "terms">[] =>
  Object.entries(regularizers).map(([name, regularizer]) => {
    const factor = step.scalar(regularizer.weight);
    const made = regularizer.penalty(step);
    const { value, terms } = hasTerms(made) ? made : { value: made, terms: {} };
    return { loss: tf.mul<Scalar>(factor, value), terms: { [name]: value, ...prefixed(name, terms) } };
  });

export const penaltyFigures = (regularizers: Regularizers): TermDeclarations =>
  Object.assign(
    {},
    ...Object.entries(regularizers).map(([name, { unit = "", figures = {} }]) => ({
      [name]: { unit },
      ...prefixed(name, figures),
    })),
  );

export const ownPhases = (regularizers: Regularizers): Phase[] =>
  Object.entries(regularizers).flatMap(([name, { phases = [] }]) =>
    phases.map((phase) =>
      wrapPhase(phase, {
        name: phases.length === 1 ? name : `${name}/${phase.name}`,
        variables: (variable) => variable.startsWith(`${parametersOf(name)}/`) && phase.variables(variable),
      }),
    ),
  );
