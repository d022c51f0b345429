/** What objectives share whose weight of a term is moved by what steps measure: fields, requirements and limits. */
import type { Requirement, ResolvedFields } from "../contracts/kinds.js";
import { VaelabError } from "../errors.js";

export const DRAWS = {
  samples: { type: "integer", minimum: 1, default: 1, description: "Posterior samples per example" },
} as const;

export const RATED: readonly Requirement[] = [
  {
    kind: "posterior",
    capability: "density",
    reason:
      "The rate of a posterior without density is infinite. Choose a posterior with a density, or the objective elbo at beta 0",
  },
];

/** @throws SPEC_COMBINATION where the least value of the weight is not below the largest */
export const withinLimits = (fields: ResolvedFields): ResolvedFields => {
  const { minimum, maximum, type } = fields;
  if ((minimum as number) < (maximum as number)) return fields;
  throw new VaelabError("SPEC_COMBINATION", {
    message: `"minimum" ${minimum} of ${type} is not below its "maximum" ${maximum}, so the weight could not move`,
    remedy: 'Raise "maximum", or use the objective elbo, whose weight is a schedule.',
  });
};
