/** Whether a latent can be drawn, or summed over, and whether the objective can learn from that. */
import type { LatentSupport } from "../../contracts/distribution.js";
import { type LatentPlan, supportsOf } from "../../spec/latents.js";
import type { Part } from "../components/parts.js";
import { nameOf } from "../components/parts.js";
import { able } from "./capabilities.js";
import type { Finding } from "./diagnostics.js";
import { finding, latentsAmong } from "./latent-edges.js";
import type { Placed } from "./supports.js";

const DISCRETE: ReadonlySet<LatentSupport> = new Set(["one-hot", "binary", "codes"]);

/** The values of the sample axis that follow a draw cannot be multiplied once more. */
const enumerationFindings = (plan: LatentPlan, plans: readonly LatentPlan[]): Finding[] => {
  const names = plans.map(({ name }) => name);
  const parents = latentsAmong(plan, names).map((name) => plans.find((each) => each.name === name)!);
  const deep = parents.find((parent) => !parent.enumerate && latentsAmong(parent, names).length > 0);
  if (!deep) return [];
  return [
    finding(
      plan.pointer,
      `the latent "${plan.name}" is summed over, and depends on draws of "${deep.name}", which depends on another latent itself`,
      `Infer "${deep.name}" from "x" alone, or "${plan.name}" from something else.`,
    ),
  ];
};

const RELAXATIONS = 'a relaxed posterior, such as "gumbel-softmax" or "bernoulli-concrete"';

/** Relaxed draws are no values of the discrete latent, so the probability of one says nothing. */
const isMisscored = (posterior: Part, objective: Part): boolean =>
  able(objective, "scores") &&
  !able(posterior, "unrelaxed") &&
  supportsOf(posterior.definition, posterior.fields).some((support) => DISCRETE.has(support));

/** Whether a latent can be drawn, or summed over. @param objective undefined where it is invalid */
export const drawFindings = (
  { plan, posterior }: Placed,
  plans: readonly LatentPlan[],
  objective: Part | undefined,
): Finding[] => {
  const { name, pointer, enumerate, observed, shape } = plan;
  return [
    enumerate &&
      !able(posterior, "enumerable") &&
      finding(
        `${pointer}/enumerate`,
        `the ${nameOf(posterior)} of "${name}" has no finite support to sum over`,
        'Use the posterior "categorical".',
      ),
    !enumerate &&
      objective &&
      able(posterior, "unrelaxed") &&
      !able(objective, "scores") &&
      finding(
        pointer,
        `draws of the ${nameOf(posterior)} of "${name}" have no gradient, and the ${nameOf(objective)} needs one`,
        `${able(posterior, "enumerable") ? 'Set "enumerate" to true: its values are then summed over. Or choose' : "Choose"} ${RELAXATIONS}, or an objective that scores draws, such as wake-sleep.`,
      ),
    !enumerate &&
      objective &&
      isMisscored(posterior, objective) &&
      finding(
        posterior.pointer,
        `the ${nameOf(objective)} scores draws of "${name}", and in training those of the ${nameOf(posterior)} are no draws of a discrete distribution`,
        'Choose the posterior "categorical" or "bernoulli", or an objective that follows the gradient of draws, such as elbo.',
      ),
    observed !== undefined &&
      !enumerate &&
      finding(
        `${pointer}/observed`,
        `the latent "${name}" stands for a label, and is not summed over where the label is unknown`,
        'Set "enumerate" to true, and the posterior and the prior to "categorical".',
      ),
    enumerate &&
      shape.length !== 1 &&
      finding(
        `${pointer}/enumerate`,
        `the ${nameOf(posterior)} sums over one variable, and the latent "${name}" of the shape [${shape}] has several`,
        "Give each variable a latent of its own.",
      ),
    ...(enumerate ? enumerationFindings(plan, plans) : []),
  ].filter((each) => each !== false && each !== undefined);
};
