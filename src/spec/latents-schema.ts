/** The schema of `model.latents`. */
import { nameSchema } from "./outputs-schema.js";
import type { Schema } from "./slots.js";

export const positiveInteger = { type: "integer", minimum: 1 } as const;

export const latentsSchema = {
  type: "object",
  minProperties: 1,
  description: "several latents by name, in the place of latent, posterior and prior",
  propertyNames: nameSchema,
  additionalProperties: {
    type: "object",
    additionalProperties: false,
    properties: {
      size: { ...positiveInteger, description: "dimensions" },
      shape: { type: "array", minItems: 1, items: positiveInteger, description: "in the place of size" },
      posterior: {
        type: "object",
        component: "posterior",
        description: "diagonal-gaussian if not given; categorical for a label",
      },
      prior: { type: "object", component: "prior", description: "gaussian if not given; categorical for a label" },
      encoder: {
        type: "object",
        component: "encoder",
        description: "a network of its own between what it is inferred from and its posterior",
      },
      inferredFrom: {
        type: "array",
        minItems: 1,
        uniqueItems: true,
        items: { type: "string" },
        description: 'what q sees: "x" (the encoder\'s features), "x/NAME", latents, fields; ["x"] if not given',
      },
      generatedFrom: {
        type: "array",
        uniqueItems: true,
        items: { type: "string" },
        description: "latents that p is conditioned on; none if not given",
      },
      enumerate: {
        type: "boolean",
        description: "sums over its values instead of drawing one; true for a label if not given",
      },
      observed: { type: "string", description: "the label that it stands for, known for some examples or for all" },
      alpha: {
        type: "object",
        component: "schedule",
        role: "weight",
        description: "weight of the mean cross-entropy of observed labels beside the bound; 0.1 if not given",
      },
    },
  },
} as const satisfies Schema;
