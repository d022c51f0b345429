/**
 * The latents of a spec. `model.latent`, `model.posterior` and `model.prior` are shorthand for one latent called "z"; `model.latents`
 * names several. Two lists of edges make the model: inference runs along `inferredFrom`, sampling along `generatedFrom`.
 */
import type { LatentSupport } from "../contracts/distribution.js";
import type { ResolvedFields } from "../contracts/kinds.js";
import { LATENT } from "../contracts/model.js";
import type { FieldSchemas, Shape } from "../tensor/fields.js";
import type { AnyDefinition } from "./define.js";
import type { ResolvedSpec } from "./experiment-schema.js";

/** The encoder's feature maps, in `inferredFrom`: "x" for all of them, "x/NAME" for one. */
export const FEATURES = "x";
/** The fields that the encoder sees, in `inferredFrom`. */
export const DATA = "data";

/** A latent, with the defaults that depend on how it is written. */
export interface LatentPlan {
  name: string;
  shape: Shape;
  /** JSON pointer of the object that holds its posterior and prior. */
  pointer: string;
  posterior: ResolvedFields;
  prior: ResolvedFields;
  /** A network of its own, which sees what it is inferred from. */
  encoder?: ResolvedFields;
  /** "x", "x/NAME", other latents, or fields of the data. */
  inferredFrom: readonly string[];
  /** Other latents. */
  generatedFrom: readonly string[];
  /** Summed over instead of drawn. */
  enumerate: boolean;
  /** The label that it stands for. */
  observed?: string;
  /** Weight of the cross-entropy of the observed label. */
  alpha?: ResolvedFields;
}

/** Where the values of a posterior lie, or the supports that a prior or a sampler can have. */
export const supportsOf = (definition: AnyDefinition, fields: ResolvedFields): readonly LatentSupport[] => {
  const support = "support" in definition ? definition.support?.(fields) : undefined;
  return [support ?? "real"].flat();
};

type Model = ResolvedSpec["model"];
const DEFAULTS = { posterior: { type: "diagonal-gaussian" }, prior: { type: "gaussian" } } as const;
/** Defaults of a latent that stands for a label. */
const LABEL = { posterior: { type: "categorical" }, prior: { type: "categorical" } } as const;

/** @param fields of the data: a label's latent has a value for each of its classes */
const shapeOf = (
  { size, shape, observed }: { size?: number; shape?: readonly number[]; observed?: string },
  fields: FieldSchemas,
): Shape => {
  if (shape) return shape;
  if (size !== undefined) return [size];
  const field = observed !== undefined && Object.hasOwn(fields, observed) ? fields[observed] : undefined;
  return [Math.max(2, field?.classes ?? 2)];
};

/** In the order of the spec. @param fields of the data: a latent that stands for a label has its shape from there */
export const latentPlans = (model: Model, fields: FieldSchemas): LatentPlan[] => {
  if (!model.latents) {
    const { latent = 0, posterior, prior } = model;
    const edges = { inferredFrom: [FEATURES], generatedFrom: [], enumerate: false };
    return [{ name: LATENT, shape: [latent], pointer: "/model", posterior, prior, ...edges }];
  }
  return Object.entries(model.latents).map(([name, written]): LatentPlan => {
    const { posterior = DEFAULTS.posterior, prior = DEFAULTS.prior } = written;
    const { inferredFrom = [FEATURES], generatedFrom = [], enumerate = false, encoder, observed, alpha } = written;
    return {
      name,
      shape: shapeOf(written, fields),
      pointer: `/model/latents/${name}`,
      posterior,
      prior,
      ...(encoder && { encoder }),
      inferredFrom,
      generatedFrom,
      enumerate,
      ...(observed !== undefined && { observed }),
      ...(alpha && { alpha }),
    };
  });
};

/** Fills what latents leave out, before validation fills the fields of their parts. */
export const fillLatents = (model: Record<string, unknown>): void => {
  const { latents } = model;
  if (typeof latents !== "object" || latents === null) return;
  for (const latent of Object.values(latents) as (Record<string, unknown> | null)[]) {
    if (typeof latent !== "object" || latent === null) continue;
    const isLabel = "observed" in latent;
    const { posterior, prior } = isLabel ? LABEL : DEFAULTS;
    latent.posterior ??= { ...posterior };
    latent.prior ??= { ...prior };
    // A network that sees the data is by default like the model's encoder.
    if (Array.isArray(latent.inferredFrom) && latent.inferredFrom.includes(DATA) && model.encoder !== undefined)
      latent.encoder ??= structuredClone(model.encoder);
    if (isLabel) {
      latent.alpha ??= { type: "constant", value: 0.1 };
      latent.enumerate ??= true;
    }
  }
};

/** What stands in `model` for one latent or one output, by what names several. */
const SHORTHAND = { latents: ["posterior", "prior"], outputs: ["decoder", "likelihood"] } as const;

/** Validation fills the shorthand: where `latents` or `outputs` stands, the parts that nobody wrote go again. */
export const withoutShorthand = (model: Record<string, unknown>, validate: () => void): void => {
  const absent = Object.entries(SHORTHAND).flatMap(([several, keys]) =>
    Object.hasOwn(model, several) ? keys.filter((key) => !Object.hasOwn(model, key)) : [],
  );
  validate();
  for (const key of absent) delete model[key];
};
