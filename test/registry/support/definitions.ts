/** A small set of every kind, with each default that the experiment's schema names: these tests check the registry alone. */

import { existsSync } from "node:fs";
import { VaelabError } from "../../../src/errors.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import {
  type AnyDefinition,
  defineDataset,
  defineDecoder,
  defineEncoder,
  defineLikelihood,
  defineMetric,
  defineObjective,
  defineOptimizer,
  definePosterior,
  definePrior,
  defineSchedule,
} from "../../../src/spec/define.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";

export const unused = (..._: unknown[]): never => {
  throw new Error("nothing is computed in these tests");
};

export const points = defineDataset({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "points" },
      size: { type: "integer", minimum: 1, default: 1000 },
      support: { enum: ["binary", "real"], default: "binary" },
      file: { type: "string", format: "path" },
    },
  },
  inspect: (fields) => {
    const { size, support, file } = fields as {
      size?: number;
      support?: FieldSchema["support"];
      file?: string;
    } & typeof fields;
    if (file !== undefined && !existsSync(file)) {
      throw new VaelabError("DATA", { where: file, message: "there is no such file" });
    }
    return {
      fields: { columns: { kind: "vector", shape: [2], support: support ?? "binary" } },
      modeled: "columns",
      sizes: { train: size ?? 0, validation: 10, test: 10 },
    };
  },
  create: async ({ size, support }) => ({
    fields: { columns: { kind: "vector", shape: [2], support } },
    modeled: "columns",
    sizes: { train: size, validation: 10, test: 10 },
    sha256: "0",
    split: unused,
  }),
});

const hidden = { type: "array", items: { type: "integer", minimum: 1 }, description: "units of each layer" } as const;
export const mlpEncoder = defineEncoder({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "mlp" },
      hidden: { ...hidden, default: [8, 4] },
      dropout: { anyOf: [{ type: "number", minimum: 0 }, { const: "none" }] },
    },
  },
  create: ({ hidden }) => ({ features: { features: [hidden.at(-1) ?? 2] }, encode: unused }),
});
export const mlpDecoder = defineDecoder({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "mlp" }, hidden },
  },
  resolve: (fields, { encoder }) => ({
    hidden: [...((encoder?.hidden as number[] | undefined) ?? [])].reverse(),
    ...fields,
  }),
  create: () => ({ decode: unused }),
});
const bare = <const T extends string>(type: T) =>
  ({ type: "object", required: ["type"], additionalProperties: false, properties: { type: { const: type } } }) as const;

export const diagonalGaussian = definePosterior({
  schema: bare("diagonal-gaussian"),
  capabilities: () => ["density"],
  create: () => ({ at: unused }),
});
export const deterministic = definePosterior({ schema: bare("deterministic"), create: () => ({ at: unused }) });

export const gaussian = definePrior({ schema: bare("gaussian"), create: () => ({ at: unused }) });
export const gaussianMixture = definePrior({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "gaussian-mixture" }, components: { type: "integer", minimum: 1, default: 10 } },
  },
  create: () => ({ at: unused }),
});
export const tempered = definePrior({
  schema: {
    type: "object",
    required: ["type", "base"],
    additionalProperties: false,
    properties: {
      type: { const: "tempered" },
      base: { type: "object", component: "prior", description: "the prior that is tempered" },
      temperature: { type: "object", component: "schedule", default: { type: "constant", value: 1 } },
    },
  },
  create: ({ base }) => base,
});

export const bernoulli = defineLikelihood({
  schema: bare("bernoulli"),
  refuses: (_, { support }) =>
    support === "binary" ? undefined : `its values are ${support}, not 0 or 1; a likelihood for them is "gaussian"`,
  create: (_, { field }) => ({ outputs: field.shape, at: unused }),
});
export const gaussianLikelihood = defineLikelihood({
  schema: bare("gaussian"),
  create: (_, { field }) => ({ outputs: field.shape, at: unused }),
});

export const constant = defineSchedule({
  schema: {
    type: "object",
    required: ["type", "value"],
    additionalProperties: false,
    properties: { type: { const: "constant" }, value: { type: "number" } },
  },
  duration: () => 0,
  create: ({ value }) => ({ at: () => value, final: value, end: 0 }),
});
export const linear = defineSchedule({
  schema: {
    type: "object",
    required: ["type", "to", "steps"],
    additionalProperties: false,
    properties: {
      type: { const: "linear" },
      from: { type: "number", default: 0 },
      to: { type: "number" },
      steps: { type: "integer", minimum: 1 },
    },
  },
  duration: ({ steps }) => Number(steps),
  create: ({ from, to, steps }) => ({
    at: (step) => from + (to - from) * Math.min(1, step / steps),
    final: to,
    end: steps,
  }),
});
export const forever = defineSchedule({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "forever" }, period: { type: "integer", minimum: 1, default: 100_000 } },
  },
  duration: () => undefined,
  create: () => ({ at: () => 1, final: 1 }),
});

export const elbo = defineObjective({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "elbo" },
      beta: {
        type: "object",
        component: "schedule",
        role: "weight",
        default: { type: "constant", value: 1 },
        description: "weight of the rate",
      },
      samples: { type: "integer", minimum: 1, default: 1 },
    },
  },
  requires: () => [
    { kind: "posterior", capability: "density", reason: 'It takes the KL to the prior; "diagonal-gaussian" fits.' },
  ],
  create: ({ beta, samples }) => ({
    phases: [
      {
        name: `elbo ${beta.at(0)} -> ${beta.final}, ${samples} samples`,
        every: 1,
        variables: () => true,
        terms: unused,
      },
    ],
  }),
});
export const sum = defineObjective({
  schema: {
    type: "object",
    required: ["type", "terms"],
    additionalProperties: false,
    properties: {
      type: { const: "sum" },
      terms: { type: "array", minItems: 1, items: { type: "object", component: "objective" } },
    },
  },
  create: ({ terms }) => ({ phases: terms.flatMap(({ phases }) => phases) }),
});

export const adam = defineOptimizer({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "adam" },
      learningRate: {
        type: "object",
        component: "schedule",
        role: "learning-rate",
        default: { type: "constant", value: 0.001 },
      },
    },
  },
  create: ({ learningRate }) => ({ learningRate, slots: [], globals: {}, update: unused, advance: unused }),
});

const declared = { title: "nothing", unit: "nats", better: "neither", section: "latent", reading: "Unused." } as const;
export const elboMetric = defineMetric({
  schema: bare("elbo"),
  figures: { elbo: declared },
  create: () => ({ evaluate: unused }),
});
export const activeUnits = defineMetric({
  schema: bare("active-units"),
  figures: { activeUnits: declared },
  create: () => ({ evaluate: unused }),
});
export const iwaeNll = defineMetric({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "iwae-nll" }, samples: { type: "integer", minimum: 1, default: 100 } },
  },
  figures: { nll: declared },
  create: () => ({ evaluate: unused }),
});

export const definitions: readonly AnyDefinition[] = [
  points,
  mlpEncoder,
  mlpDecoder,
  diagonalGaussian,
  deterministic,
  gaussian,
  gaussianMixture,
  tempered,
  bernoulli,
  gaussianLikelihood,
  constant,
  linear,
  forever,
  elbo,
  sum,
  adam,
  elboMetric,
  activeUnits,
  iwaeNll,
];
export const catalogue = createCatalogue(definitions);

/** The least that is an experiment. */
export const least = { name: "least", data: "points", model: { latent: 2, encoder: "mlp" } } as const;
