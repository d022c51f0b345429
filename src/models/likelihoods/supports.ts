/** Refusals of fields whose values a likelihood cannot model, each with what suits them. */
import type { FieldSchema, Support } from "../../tensor/fields.js";

const SUITED: Readonly<Record<Support, string>> = {
  binary: "the bernoulli likelihood",
  unit: "the beta or the continuous-bernoulli likelihood",
  real: "the gaussian likelihood",
  positive: "the log-normal or the gamma likelihood",
  categorical: "a head or a latent that stands for the label",
  "one-hot": "the bernoulli likelihood",
  count: "the gaussian likelihood",
};

/**
 * @param needs what the likelihood takes, as a clause: "a gamma density needs values above 0"
 * @param supports that it takes
 * @param or what else to do, before what suits the field
 * @returns undefined if it takes the field
 */
export const supportRefusal = (
  needs: string,
  supports: readonly Support[],
  { support }: FieldSchema,
  or = "",
): string | undefined =>
  supports.includes(support)
    ? undefined
    : `${needs}, but the field has support "${support}": ${or && `${or}, or `}use ${SUITED[support]}`;

/** Refusal of a density over real numbers. @param density its name with its article: "a Laplace density" */
export const numbersRefusal = (density: string, { support }: FieldSchema): string | undefined =>
  support === "categorical" ? `${density} is not a density over categories: it needs numbers` : undefined;
