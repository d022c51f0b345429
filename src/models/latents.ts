/**
 * The latents of a model, built, and the orders of its two graphs: inference follows `inferredFrom`, generation `generatedFrom`.
 * src/registry/checking/latents.ts has refused circles and unknown names.
 */
import type { LatentSupport } from "../contracts/distribution.js";
import type { Encoder } from "../contracts/encoder.js";
import type { Head } from "../contracts/head.js";
import type { Posterior } from "../contracts/posterior.js";
import type { Prior } from "../contracts/prior.js";
import { VaelabError } from "../errors.js";
import { DATA, FEATURES, type LatentPlan } from "../spec/latents.js";
import type { Shape } from "../tensor/fields.js";

/** One thing that a latent is inferred from. */
export type Source =
  /** The encoder's feature maps, or one of them. */
  | { kind: "features"; map?: string }
  /** The fields that the encoder sees. */
  | { kind: "data" }
  | { kind: "latent"; name: string };

export interface Latent {
  name: string;
  /** One example's shape. */
  shape: Shape;
  support: LatentSupport;
  posterior: Posterior;
  prior: Prior;
  /** A network of its own, between its sources and its posterior. */
  encoder?: Encoder;
  sources: readonly Source[];
  generatedFrom: readonly string[];
  enumerate: boolean;
  /** Set where it is drawn and a draw has no gradient, in training too. */
  unrelaxed?: true;
  /** The label that it stands for. */
  observed?: string;
}

export const sourcesOf = ({ inferredFrom }: Pick<LatentPlan, "inferredFrom">): Source[] =>
  inferredFrom.map((name): Source => {
    if (name === DATA) return { kind: "data" };
    const [root, ...map] = name.split("/");
    if (root !== FEATURES) return { kind: "latent", name };
    return { kind: "features", ...(map.length > 0 && { map: map.join("/") }) };
  });

/** Whether anything reads the feature maps of the model's encoder. */
export const areFeaturesRead = (
  latents: readonly Pick<Edges, "sources">[],
  heads: readonly Pick<Head, "plan">[],
): boolean =>
  heads.some(({ plan }) => plan.readsFeatures) ||
  latents.some(({ sources }) => sources.some(({ kind }) => kind === "features"));

type Edges = Pick<Latent, "name" | "enumerate" | "generatedFrom"> & { sources: readonly Source[] };

/** Latents that q of this one is conditioned on. */
export const parentsOf = ({ sources }: Pick<Edges, "sources">): string[] =>
  sources.flatMap((source) => (source.kind === "latent" ? [source.name] : []));

/** Takes what is ready, the first of `preferred` where there is a choice. @throws CONTRACT at a circle */
const sorted = <T extends { name: string }>(
  all: readonly T[],
  before: (one: T) => readonly string[],
  isPreferred: (one: T) => boolean,
): T[] => {
  const done: T[] = [];
  while (done.length < all.length) {
    const ready = all.filter(
      (one) => !done.includes(one) && before(one).every((name) => done.some((each) => each.name === name)),
    );
    const next = ready.find(isPreferred) ?? ready[0];
    if (!next)
      throw new VaelabError("CONTRACT", {
        message: `the latents depend on each other in a circle: ${all.map(({ name }) => name).join(", ")}`,
      });
    done.push(next);
  }
  return done;
};

/** The latents that q of this one is conditioned on, and theirs in turn. */
const ancestorsOf = (latents: readonly Edges[], name: string): string[] =>
  parentsOf(latents.find((each) => each.name === name)!).flatMap((parent) => [parent, ...ancestorsOf(latents, parent)]);

/**
 * Whether the prior of a latent depends on one that is inferred from it, as in a bottom-up chain: the two are then correlated under q, and
 * E_q[ln q - ln p] is not the mean of a KL at draws of the other.
 */
export const priorFollowsDraw = (latents: readonly Edges[], { name, generatedFrom }: Edges): boolean =>
  generatedFrom.some((parent) => ancestorsOf(latents, parent).includes(name));

/**
 * The order of inference. Latents that are summed over come as early as they can: the sample axis has its whole length from then
 * on, and what is inferred later has draws of its own for each of their values.
 */
export const inferenceOrder = <T extends Edges>(latents: readonly T[]): T[] => {
  const leading = new Set(
    latents.filter(({ enumerate }) => enumerate).flatMap(({ name }) => [name, ...ancestorsOf(latents, name)]),
  );
  return sorted(latents, parentsOf, ({ name }) => leading.has(name));
};

/** The order of sampling: the latents that others are generated from come first. */
export const samplingOrder = <T extends Edges>(latents: readonly T[]): T[] =>
  sorted(
    latents,
    ({ generatedFrom }) => generatedFrom,
    () => false,
  );
