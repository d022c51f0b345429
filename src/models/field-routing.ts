/** Routes fields to the parts of a model, according to the plans of its heads. */
import type { HeadPlan } from "../contracts/head.js";
import { networkShape } from "../nn/index.js";
import type { FieldSchemas, Shape } from "../tensor/fields.js";

export interface FieldRouting {
  /** Field names that each part sees; those of the encoder start with the outputs that it sees, the modeled field first. */
  encoder: readonly string[];
  prior: readonly string[];
  decoder: readonly string[];
  /** Data fields that are given, not inferred. */
  conditions: FieldSchemas;
  encoderInputs: FieldSchemas;
  priorParents: Readonly<Record<string, Shape>>;
  /** Inputs of the decoder in addition to z. */
  decoderShapes: Readonly<Record<string, Shape>>;
  categories(name: string): number;
}

/** @param encoded outputs that the encoder sees */
export const fieldRouting = (
  plans: readonly HeadPlan[],
  fields: FieldSchemas,
  encoded: readonly string[],
): FieldRouting => {
  const seers = plans.filter(({ role }) => role !== "target");
  const named = (part: keyof HeadPlan["seenBy"]): string[] =>
    seers.filter(({ seenBy }) => seenBy[part]).map(({ field }) => field);
  const shapes = (names: readonly string[]): Record<string, Shape> =>
    Object.fromEntries(names.map((name) => [name, networkShape(fields[name]!)]));
  const schemas = (names: readonly string[]): FieldSchemas =>
    Object.fromEntries(names.map((name) => [name, fields[name]!]));
  const [encoder, prior, decoder] = [[...encoded, ...named("encoder")], named("prior"), named("decoder")];
  const given = seers.filter(({ seenBy }) => seenBy.prior || seenBy.decoder);
  return {
    encoder,
    prior,
    decoder,
    conditions: schemas(given.map(({ field }) => field)),
    encoderInputs: schemas(encoder),
    priorParents: shapes(prior),
    decoderShapes: shapes(decoder),
    categories: (name) => networkShape(fields[name]!).at(-1)!,
  };
};
