/** Refusals of fields whose values a likelihood cannot model, each with what suits them. */
import type { FieldSchema, Support } from "../../tensor/fields.js";

const SUITED: Readonly<Record<Support, string>> = {
  binary: "the bernoulli likelihood",
  unit: "the beta or the continuous-bernoulli likelihood",
  real: "the gaussian likelihood",
  positive: "the log-normal or the gamma likelihood",
  categorical: "the categorical or the ordinal likelihood",
  "one-hot": "the categorical likelihood",
  count: "the poisson or the negative-binomial likelihood",
};

/** "the gaussian likelihood": what suits a field. A table of several kinds of columns, or of categories, has one for each kind. */
export const suitedTo = ({ support, columns = [] }: FieldSchema): string => {
  const kinds = new Set(columns.map(({ kind }) => kind));
  const isOwn = support === "one-hot" || (kinds.size <= 1 && !kinds.has("categorical"));
  return isOwn ? SUITED[support] : "the columns likelihood";
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
  field: FieldSchema,
  or = "",
): string | undefined =>
  supports.includes(field.support)
    ? undefined
    : `${needs}, but the field has support "${field.support}": ${or && `${or}, or `}use ${suitedTo(field)}`;

/** Refusal of all but 8-bit gray levels k / 255. @param mass its name with its article: "a discretized logistic" */
export const grayLevelsRefusal = (mass: string, field: FieldSchema): string | undefined =>
  field.levels === undefined
    ? supportRefusal(`${mass} needs gray levels in [0, 1]`, ["unit"], field)
    : `${mass} is a mass over gray levels, but these are dequantized: leave out the noise, or use ${SUITED.unit}`;

/** Refusal of a density over real numbers. @param density its name with its article: "a Laplace density" */
export const numbersRefusal = (density: string, { support }: FieldSchema): string | undefined => {
  if (support === "categorical" || support === "one-hot")
    return `${density} is not a density over categories: use ${SUITED[support]}`;
  if (support !== "count") return undefined;
  return `${density} is not a mass over counts: use ${SUITED[support]}, or declare the values real`;
};
