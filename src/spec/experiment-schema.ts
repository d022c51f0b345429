/** The schema of an experiment: which slots there are, and the defaults of everything around them. */
import type { FromExtendedSchema } from "json-schema-to-ts";
import type { Kind, ResolvedFields } from "../contracts/kinds.js";
import type { Schema, Slot } from "./slots.js";
import type { WrittenAs } from "./spec-types.js";

const positiveInteger = { type: "integer", minimum: 1 } as const;

export const experimentSchema = {
  type: "object",
  title: "vaelab experiment",
  required: ["name", "data", "model"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string", description: "where an editor finds this schema" },
    name: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description: "names the run folder" },
    description: { type: "string", description: "what the experiment shows, and the figures to expect" },
    seed: {
      type: "integer",
      minimum: 0,
      maximum: 4294967295,
      default: 1,
      description: "weights, order and noise; never the split",
    },
    extends: {
      type: "array",
      items: { type: "string" },
      description: "specs that this one starts from, left to right: paths, or preset:NAME",
    },
    plugins: {
      type: "array",
      items: { type: "string" },
      description: "ES modules whose components this spec may name: they are code, and are run",
    },
    warmStart: {
      type: "object",
      required: ["run"],
      additionalProperties: false,
      description: "weights that training begins from: another run's",
      properties: {
        run: { type: "string", format: "path", description: "folder of a finished run" },
        content: {
          type: "string",
          pattern: "^[0-9a-f]{64}$",
          description: "SHA-256 of the checkpoint that it scored; filled in, and then compared",
        },
        parameters: {
          type: "array",
          minItems: 1,
          items: { type: "string", minLength: 1 },
          default: ["encoder/", "posterior/"],
          description: "what their names begin with; the others begin as they would",
        },
        frozen: { type: "boolean", default: false, description: "whether they stay as they are" },
      },
    },
    data: { type: "object", component: "dataset" },
    model: {
      type: "object",
      required: ["latent", "encoder"],
      additionalProperties: false,
      properties: {
        latent: { ...positiveInteger, description: "dimensions of z" },
        encoder: { type: "object", component: "encoder" },
        posterior: { type: "object", component: "posterior", default: { type: "diagonal-gaussian" } },
        prior: { type: "object", component: "prior", default: { type: "gaussian" } },
        decoder: {
          type: "object",
          component: "decoder",
          default: { type: "mlp" },
          description: "by default the one that mirrors the encoder, of the same type, if there is one; else mlp",
        },
        likelihood: { type: "object", component: "likelihood", default: { type: "bernoulli" } },
        heads: {
          type: "array",
          items: { type: "object", component: "head" },
          default: [],
          description: "conditions on fields of the data, predictors of labels, labels as latents",
        },
      },
    },
    capture: {
      enum: ["auto", "require", "never"],
      default: "auto",
      description:
        "steps run as one native graph: where they can (auto), or not at all (never), or else the run fails (require)",
    },
    objective: { type: "object", component: "objective", default: { type: "elbo" } },
    training: {
      type: "object",
      additionalProperties: false,
      default: {},
      properties: {
        epochs: { ...positiveInteger, default: 20 },
        batchSize: { ...positiveInteger, default: 128, description: "a last batch that is not full is left out" },
        optimizer: { type: "object", component: "optimizer", default: { type: "adam" } },
        clipNorm: { type: "number", exclusiveMinimum: 0, description: "gradients are scaled down to this global norm" },
        ema: {
          type: "object",
          required: ["decay"],
          additionalProperties: false,
          description:
            "means of the weights over the steps are what is validated and scored; training goes on from the weights",
          properties: {
            decay: {
              type: "number",
              exclusiveMinimum: 0,
              maximum: 1,
              description:
                "what a step's weights still count for after the next, relative to it; 1: all steps count the same",
            },
            start: {
              type: "integer",
              minimum: 0,
              default: 0,
              description: "training steps before the first that counts",
            },
          },
        },
        validateEvery: { ...positiveInteger, default: 1, description: "epochs between validations" },
        checkpointEvery: { ...positiveInteger, default: 1, description: "epochs between checkpoints" },
        earlyStopping: {
          type: "object",
          required: ["patience"],
          additionalProperties: false,
          properties: {
            patience: { ...positiveInteger, description: "validations without a gain after which the run ends" },
            minimumGain: {
              type: "number",
              minimum: 0,
              default: 0,
              description: "nats an example that count as a gain",
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
        checkpoint: { enum: ["best", "last"], default: "best", description: "which weights are scored" },
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
          description: "densities of the training codes that replace the prior: metrics of samples score each apart",
        },
        refit: {
          type: "object",
          additionalProperties: false,
          default: {},
          description:
            "a copy of the encoder is trained at beta 1 against the frozen decoder and prior, as the proposal of the NLL",
          properties: {
            epochs: { type: "integer", minimum: 0, maximum: 1000, default: 5, description: "0: no refit" },
            learningRate: { type: "number", exclusiveMinimum: 0, default: 0.001 },
          },
        },
      },
    },
    sweep: {
      type: "object",
      additionalProperties: false,
      description: "a run for every combination; keys are dotted paths into this spec",
      properties: {
        grid: {
          type: "object",
          additionalProperties: { type: "array", minItems: 1 },
          description: "every combination",
        },
        zip: {
          type: "object",
          additionalProperties: { type: "array", minItems: 1 },
          description: "in step: lists of one length",
        },
        random: {
          type: "object",
          required: ["n", "space"],
          additionalProperties: false,
          description: "settings drawn at random, no two the same; grid and zip are crossed with them",
          properties: {
            n: { ...positiveInteger, maximum: 10000, description: "settings" },
            seed: {
              type: "integer",
              minimum: 0,
              maximum: 4294967295,
              default: 0,
              description: "of the draws alone: no run's seed",
            },
            space: {
              type: "object",
              minProperties: 1,
              description: "by path: a list to choose from, or a range",
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
                      log: { type: "boolean", description: "evenly in the logarithm (default: false)" },
                      integer: { type: "boolean", description: "whole numbers, both ends among them (default: false)" },
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
