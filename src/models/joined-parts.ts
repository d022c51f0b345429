/** The parts of a model, what each of them sees, and the priors as they are called both in inference and in generation. */
import type { CallContext, FeatureMaps, Values } from "../contracts/call-context.js";
import type { Decoder } from "../contracts/decoder.js";
import type { Distribution } from "../contracts/distribution.js";
import type { Encoder } from "../contracts/encoder.js";
import type { Head } from "../contracts/head.js";
import type { InferContext } from "../contracts/inferred.js";
import type { Likelihood } from "../contracts/likelihood.js";
import { LATENT } from "../contracts/model.js";
import type { PriorCall } from "../contracts/prior.js";
import { VaelabError } from "../errors.js";
import { forkCall } from "../inference/call.js";
import { networkValue } from "../nn/index.js";
import { encodedOutputs } from "../spec/outputs.js";
import type { FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import type { ParameterStore } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";
import { conditionOn } from "./conditions.js";
import { type FieldRouting, fieldRouting } from "./field-routing.js";
import type { Latent } from "./latents.js";
import { featuresOf } from "./sources.js";

/** One of the fields that the model generates. */
export interface Output {
  field: string;
  decoder: Decoder;
  likelihood: Likelihood;
  /** Latents that the decoder sees. */
  generatedFrom: readonly string[];
  weight: number;
  /** Whether the encoder sees the field. */
  encode: boolean;
}

interface JointParts {
  encoder: Encoder;
  latents: readonly Latent[];
  heads?: readonly Head[];
}
/** With the decoder and the likelihood of the modeled field, which see all latents, or with several outputs. */
export type Parts = JointParts & (Pick<Output, "decoder" | "likelihood"> | { outputs: readonly Output[] });

export interface JoinedParts extends Required<JointParts> {
  /** The modeled field is one of them. */
  outputs: readonly Output[];
  fields: FieldSchemas;
  modeled: string;
  store: ParameterStore;
  routing: FieldRouting;
}

export const joinParts = (parts: Parts, options: Pick<JoinedParts, "fields" | "modeled" | "store">): JoinedParts => {
  const { encoder, latents, heads = [] } = parts;
  const { fields, modeled: field } = options;
  const generatedFrom = latents.map(({ name }) => name);
  const outputs = "outputs" in parts ? parts.outputs : [{ ...parts, field, generatedFrom, weight: 1, encode: true }];
  const routing = fieldRouting(
    heads.map(({ plan }) => plan),
    fields,
    encodedOutputs(outputs, field),
  );
  return { encoder, latents, heads, outputs, routing, ...options };
};

const fieldOf = (fields: Fields, name: string): Tensor => {
  const field = fields[name];
  if (!field) throw new VaelabError("INTERNAL", { message: `the batch lacks the field "${name}"` });
  return field;
};

export const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, fieldOf(fields, name)]));

/**
 * What a prior sees, [...leading, ...] by name: the latents that it is generated from, and conditions, [...leading, ...networkShape].
 */
export const conditionsOf = (
  { fields, routing }: JoinedParts,
  { generatedFrom }: Pick<Latent, "generatedFrom">,
  { values, conditions, leading }: { values: Values; conditions: Fields | undefined; leading: Shape },
): Values => ({
  ...Object.fromEntries(routing.prior.map((name) => [name, conditionOn(name, fields, conditions, leading)])),
  ...Object.fromEntries(generatedFrom.map((name) => [name, values[name]!])),
});

/** What the posterior of a latent sees of other examples than those of the batch. Statistics of the encoder stay as they are. */
export const featuresAt =
  ({ encoder, routing, store, fields: schemas, latents }: JoinedParts, latent: Latent, call: CallContext) =>
  (fields: Fields): FeatureMaps =>
    store.withoutAssignments(() => {
      const data = () => pick(fields, routing.encoder);
      // A pseudo-input has a label by number, as the data have it.
      const label = (name: string): Tensor => {
        const { observed } = latents.find((each) => each.name === name)!;
        return networkValue(schemas[observed ?? ""]!, fieldOf(fields, name));
      };
      return featuresOf(latent, { x: () => encoder.encode(data(), call), data, latent: label }, call);
    });

/** q(latent | fields), as a prior asks for it at pseudo-inputs. */
export const encodeAt =
  (parts: JoinedParts, latent: Latent, call: CallContext) =>
  (fields: Fields): Distribution =>
    parts.store.withoutAssignments(() => {
      const encoding: CallContext = { ...call, purpose: "pseudo-input", loss: () => {} };
      return latent.posterior.at(featuresAt(parts, latent, encoding)(fields), { parents: {}, call: encoding });
    });

/** p(latent | parents). */
export const priorAt = (
  parts: JoinedParts,
  latent: Latent,
  parents: Values,
  { proposal, index, ...context }: CallContext & Pick<InferContext, "proposal"> & Pick<PriorCall, "index">,
): Distribution => {
  // Where a proposal is trained, the encoder that the prior asks is frozen.
  const fork = latent.name === LATENT ? "prior" : `prior ${latent.name}`;
  const call = forkCall(context, fork, { training: context.training && !proposal });
  const rows = call.training && index ? { index } : {};
  return latent.prior.at({ parents, call, encode: encodeAt(parts, latent, call), ...rows });
};
