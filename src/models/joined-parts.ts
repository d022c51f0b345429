/** The parts of a model, their inputs, and the call of the prior that inference and generation share. */
import type { CallContext, Values } from "../contracts/call-context.js";
import type { Decoder } from "../contracts/decoder.js";
import type { Distribution } from "../contracts/distribution.js";
import type { Encoder } from "../contracts/encoder.js";
import type { Head } from "../contracts/head.js";
import type { InferContext } from "../contracts/inferred.js";
import type { Likelihood } from "../contracts/likelihood.js";
import type { Posterior } from "../contracts/posterior.js";
import type { Prior } from "../contracts/prior.js";
import { VaelabError } from "../errors.js";
import type { FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import type { ParameterStore } from "../tensor/parameters.js";
import { conditionOn } from "./conditions.js";
import { type FieldRouting, fieldRouting } from "./field-routing.js";
import type { Label } from "./label.js";

export interface Parts {
  encoder: Encoder;
  posterior: Posterior;
  prior: Prior;
  decoder: Decoder;
  likelihood: Likelihood;
  heads?: readonly Head[];
}
export interface JoinedParts extends Required<Parts> {
  fields: FieldSchemas;
  modeled: string;
  /** Shape of z for one example. */
  latent: Shape;
  store: ParameterStore;
  routing: FieldRouting;
  /** The label that a head turns into a latent, if any. */
  label?: Label;
}

export const joinParts = (
  { heads = [], ...parts }: Parts,
  options: Pick<JoinedParts, "fields" | "modeled" | "latent" | "store">,
): JoinedParts => {
  const plans = heads.map(({ plan }) => plan);
  const routing = fieldRouting(plans, options.fields, options.modeled);
  const head = heads.find(({ site }) => site);
  const name = head?.plan.field;
  return {
    ...parts,
    ...options,
    heads,
    routing,
    ...(head?.site && name !== undefined && { label: { name, categories: routing.categories(name), site: head.site } }),
  };
};

export const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(
    names.map((name) => {
      const field = fields[name];
      if (!field) throw new VaelabError("INTERNAL", { message: `the batch lacks the field "${name}"` });
      return [name, field];
    }),
  );

/** A context whose noise is forked: its sites cannot clash with the caller's. */
export const forked = ({ training, noise }: CallContext, name: string): CallContext => ({
  training,
  noise: noise.fork(name),
});

/**
 * Inputs of a prior or a decoder in addition to z, [...leading, ...networkShape] by name. A latent label is read from
 * `values`, every other field from `conditions`.
 */
export const conditionsOf = (
  { fields, label }: JoinedParts,
  names: readonly string[],
  { values, conditions, leading }: { values: Values; conditions: Fields | undefined; leading: Shape },
): Values =>
  Object.fromEntries(
    names.map((name) => [
      name,
      name === label?.name && values[name] ? values[name] : conditionOn(name, fields, conditions, leading),
    ]),
  );

/** p(z | parents). */
export const priorAt = (
  { prior, posterior, encoder, routing }: JoinedParts,
  parents: Values,
  { training, noise, proposal }: CallContext & Pick<InferContext, "proposal">,
): Distribution => {
  // While a proposal is trained, the prior uses the frozen encoder.
  const call = forked({ training: training && !proposal, noise }, "prior");
  return prior.at({
    parents,
    encode: (fields) => posterior.at(encoder.encode(pick(fields, routing.encoder), call), { parents: {} }),
  });
};
