/** The schema of `model.outputs`. */
import type { Schema } from "./slots.js";

/** Names that can stand in a path of a sweep and in the name of a parameter. */
export const nameSchema = {
  pattern: "^[A-Za-z][A-Za-z0-9_-]{0,31}$",
  description: "starts with a letter, has only letters, digits, _ and -, and is at most 32 characters long",
} as const;

/** The parts of one output. The shorthand for a single output has them in `model`. */
export const outputParts = {
  decoder: {
    type: "object",
    component: "decoder",
    default: { type: "mlp" },
    description: "Decoder. Default: the mirror image of the encoder, if its type exists as a decoder; else mlp",
  },
  likelihood: { type: "object", component: "likelihood", default: { type: "bernoulli" } },
  generatedFrom: {
    type: "array",
    minItems: 1,
    uniqueItems: true,
    items: { type: "string" },
    description: "latents that the decoder sees; all of them if not given",
  },
} as const;

export const outputsSchema = {
  type: "object",
  minProperties: 1,
  description:
    "fields that the model generates, by name, the data set's modeled field among them; that field alone if not given. decoder, likelihood and generatedFrom of the model are the defaults of each",
  propertyNames: nameSchema,
  additionalProperties: {
    type: "object",
    additionalProperties: false,
    properties: {
      ...outputParts,
      weight: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1,
        description: "weight of its log-likelihood in the loss; figures of evaluation are of weight 1",
      },
      encode: { type: "boolean", default: true, description: "whether the encoder sees it" },
    },
  },
} as const satisfies Schema;
