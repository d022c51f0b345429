/** The schema of an experiment: which slots there are, and the defaults of everything around them. */
import type { FromExtendedSchema } from "json-schema-to-ts";
import type { Kind, ResolvedFields } from "../contracts/kinds.js";
import { latentsSchema, positiveInteger } from "./latents-schema.js";
import { outputParts, outputsSchema } from "./outputs-schema.js";
import type { Schema, Slot } from "./slots.js";
import type { WrittenAs } from "./spec-types.js";

export const experimentSchema = {
  type: "object",
  title: "vaelab experiment",
  required: ["name", "data", "model"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string", description: "Schema for editors" },
    name: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description: "Name of the run folder" },
    description: { type: "string", description: "What the experiment shows, and the figures to expect" },
    seed: {
      type: "integer",
      minimum: 0,
      maximum: 4294967295,
      default: 1,
      description: "Seed of the weights, the order of examples and the noise, never of the split",
    },
    extends: {
      type: "array",
      items: { type: "string" },
      description: "Specs that this one extends, from left to right: paths, or preset:NAME",
    },
    plugins: {
      type: "array",
      items: { type: "string" },
      description: "ES modules whose components this spec can name. They are executed",
    },
    warmStart: {
      type: "object",
      required: ["run"],
      additionalProperties: false,
      description: "Initial weights from another run",
      properties: {
        run: { type: "string", format: "path", description: "folder of a finished run" },
        content: {
          type: "string",
          pattern: "^[0-9a-f]{64}$",
          description: "SHA-256 of the checkpoint that the run evaluated. vaelab fills it in and compares it later",
        },
        parameters: {
          type: "array",
          minItems: 1,
          items: { type: "string", minLength: 1 },
          default: ["encoder/", "posterior/"],
          description: "Prefixes of the parameter names to load; all other parameters are initialized as usual",
        },
        frozen: { type: "boolean", default: false, description: "Freeze the loaded weights" },
      },
    },
    data: { type: "object", component: "dataset" },
    model: {
      type: "object",
      required: ["encoder"],
      additionalProperties: false,
      properties: {
        latent: { ...positiveInteger, description: "Dimensions of the only latent, z" },
        latents: latentsSchema,
        encoder: { type: "object", component: "encoder" },
        posterior: {
          type: "object",
          component: "posterior",
          default: { type: "diagonal-gaussian" },
          description: "of z; with latents, each has its own",
        },
        prior: {
          type: "object",
          component: "prior",
          default: { type: "gaussian" },
          description: "of z; with latents, each has its own",
        },
        ...outputParts,
        outputs: outputsSchema,
        heads: {
          type: "array",
          items: { type: "object", component: "head" },
          default: [],
          description: "Conditions on data fields, classifiers of labels, labels as latents",
        },
      },
    },
    capture: {
      enum: ["auto", "require", "never"],
      default: "auto",
      description:
        "auto: capture training steps into a native graph if possible; require: fail otherwise; never: run eagerly",
    },
    objective: { type: "object", component: "objective", default: { type: "elbo" } },
    regularizers: {
      type: "array",
      items: { type: "object", component: "regularizer" },
      description: "Penalties that are added to the loss of the objective, each with its weight; none if not given",
    },
    training: {
      type: "object",
      additionalProperties: false,
      default: {},
      properties: {
        epochs: { ...positiveInteger, maximum: 1_000_000, default: 20 },
        batchSize: {
          ...positiveInteger,
          default: 128,
          description: "Examples per batch; an incomplete last batch is dropped",
        },
        optimizer: { type: "object", component: "optimizer", default: { type: "adam" } },
        clipNorm: {
          type: "number",
          exclusiveMinimum: 0,
          description: "Maximum global norm of the gradients; larger gradients are scaled down",
        },
        ema: {
          type: "object",
          required: ["decay"],
          additionalProperties: false,
          description:
            "Moving average of the weights, used for validation and evaluation; training continues from the weights themselves",
          properties: {
            decay: {
              type: "number",
              exclusiveMinimum: 0,
              maximum: 1,
              description: "EMA decay; 1 averages all steps equally",
            },
            start: {
              type: "integer",
              minimum: 0,
              default: 0,
              description: "Training steps before averaging starts",
            },
          },
        },
        validateEvery: { ...positiveInteger, default: 1, description: "Epochs between validations" },
        checkpointEvery: { ...positiveInteger, default: 1, description: "Epochs between checkpoints" },
        earlyStopping: {
          type: "object",
          required: ["patience"],
          additionalProperties: false,
          properties: {
            patience: { ...positiveInteger, description: "Validations without improvement after which training stops" },
            minimumGain: {
              type: "number",
              minimum: 0,
              default: 0,
              description: "Minimum improvement, in nats per example",
            },
          },
        },
      },
    },
    evaluation: {
      type: "object",
      additionalProperties: false,
      default: {},
      properties: {
        checkpoint: { enum: ["best", "last"], default: "best", description: "Checkpoint to evaluate" },
        split: { enum: ["train", "validation", "test"], default: "test" },
        metrics: {
          type: "array",
          items: { type: "object", component: "metric" },
          default: [{ type: "elbo" }, { type: "active-units" }, { type: "iwae-nll" }],
        },
        samplers: {
          type: "array",
          items: { type: "object", component: "sampler" },
          default: [],
          description:
            "Densities fitted to the training codes, to sample from instead of the prior; sample metrics score each separately",
        },
        refit: {
          type: "object",
          additionalProperties: false,
          default: {},
          description:
            "Refit a copy of the encoder at beta 1 to the frozen decoder and prior, as the proposal for the NLL",
          properties: {
            epochs: { type: "integer", minimum: 0, maximum: 1000, default: 5, description: "Epochs; 0 for no refit" },
            learningRate: { type: "number", exclusiveMinimum: 0, default: 0.001 },
          },
        },
      },
    },
    sweep: {
      type: "object",
      additionalProperties: false,
      description: "One run per combination. Keys are dotted paths into this spec",
      properties: {
        grid: {
          type: "object",
          additionalProperties: { type: "array", minItems: 1 },
          description: "Runs every combination of the listed values",
        },
        zip: {
          type: "object",
          additionalProperties: { type: "array", minItems: 1 },
          description: "Advances the lists together; they must have equal lengths",
        },
        random: {
          type: "object",
          required: ["n", "space"],
          additionalProperties: false,
          description: "Distinct settings drawn at random, crossed with grid and zip",
          properties: {
            n: { ...positiveInteger, maximum: 10000, description: "settings" },
            seed: {
              type: "integer",
              minimum: 0,
              maximum: 4294967295,
              default: 0,
              description: "Seed of the random settings, independent of the runs' seeds",
            },
            space: {
              type: "object",
              minProperties: 1,
              description: "For each path, a list to choose from or a range",
              additionalProperties: {
                anyOf: [
                  { type: "array", minItems: 1 },
                  {
                    type: "object",
                    required: ["low", "high"],
                    additionalProperties: false,
                    properties: {
                      low: { type: "number" },
                      high: { type: "number" },
                      log: { type: "boolean", description: "Uniform in the logarithm (default: false)" },
                      integer: { type: "boolean", description: "Integers, including both ends (default: false)" },
                    },
                  },
                ],
              },
            },
          },
        },
        seeds: {
          type: "array",
          minItems: 1,
          uniqueItems: true,
          items: { type: "integer", minimum: 0, maximum: 4294967295 },
        },
      },
    },
  },
} as const satisfies Schema;

/** What people write. */
export type ExperimentSpec = WrittenAs<typeof experimentSchema>;

type ResolvedSlots = { deserialize: [{ pattern: { component: Kind }; output: ResolvedFields }] };
/** What validation leaves: `extends` and `plugins` followed, every default filled, every slot an object. */
export type ResolvedSpec = FromExtendedSchema<Slot, typeof experimentSchema, ResolvedSlots>;
