/**
 * What the posterior of a latent sees: feature maps of the encoder, or of the latent's own network over features, fields and other
 * latents. Networks see [N, ...]: samples and batch are one axis, the examples innermost.
 */
import type { CallContext, FeatureMaps } from "../contracts/call-context.js";
import { VaelabError } from "../errors.js";
import { forkCall } from "../inference/call.js";
import type { FieldSchemas, Fields, Shape } from "../tensor/fields.js";
import { sizeOf } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import type { Latent, Source } from "./latents.js";

const ALL = "features";

const readsEncoderAlone = ({ sources, encoder }: Pick<Latent, "sources" | "encoder">): Source | undefined =>
  !encoder && sources.length === 1 && sources[0]!.kind === "features" ? sources[0] : undefined;

/** The name under which a network sees a source that is one tensor: a latent's own, "x" or "x/NAME" for features. */
const inputName = (source: Exclude<Source, { kind: "data" }>): string =>
  source.kind === "latent" ? source.name : source.map === undefined ? "x" : `x/${source.map}`;

const mapOf = <T>(maps: Readonly<Record<string, T>>, name: string): T => {
  const found = maps[name];
  if (found) return found;
  const known = Object.keys(maps).join('", "');
  throw new VaelabError("CONTRACT", {
    message: `the encoder provides no feature map "${name}"; it provides "${known}"`,
  });
};

/** What sources are read from, [N, ...] each. */
export interface SourceValues {
  x(): FeatureMaps;
  data(): Fields;
  latent(name: string): Tensor;
}

export const featuresOf = (latent: Latent, from: SourceValues, call: CallContext): FeatureMaps => {
  const alone = readsEncoderAlone(latent);
  if (alone?.kind === "features") return alone.map === undefined ? from.x() : { [ALL]: mapOf(from.x(), alone.map) };
  const inputs: Record<string, Tensor> = {};
  for (const source of latent.sources)
    if (source.kind === "data") Object.assign(inputs, from.data());
    else
      inputs[inputName(source)] =
        source.kind === "latent" ? from.latent(source.name) : mapOf(from.x(), source.map ?? ALL);
  if (latent.encoder) return latent.encoder.encode(inputs, forkCall(call, `encode ${latent.name}`));
  const flat = Object.values(inputs).map((x) => tf.reshape(x, [x.shape[0]!, -1]));
  return { [ALL]: tf.concat(flat, 1) };
};

type Shapes = Readonly<Record<string, Shape>>;

export interface SourceShapes {
  /** Shapes of the encoder's feature maps. */
  x: Shapes;
  /** The fields that the encoder sees. */
  data: FieldSchemas;
  latent(name: string): FieldSchemas[string];
}

/** The inputs of a latent's own network. */
export const networkInputs = (sources: readonly Source[], from: SourceShapes): FieldSchemas => {
  const inputs: Record<string, FieldSchemas[string]> = {};
  for (const source of sources)
    if (source.kind === "data") Object.assign(inputs, from.data);
    else if (source.kind === "latent") inputs[source.name] = from.latent(source.name);
    else inputs[inputName(source)] = { kind: "vector", support: "real", shape: mapOf(from.x, source.map ?? ALL) };
  return inputs;
};

/** The shapes of the feature maps that a posterior sees if its latent has no network of its own. */
export const featureShapes = (sources: readonly Source[], from: SourceShapes): Shapes => {
  const alone = readsEncoderAlone({ sources });
  if (alone?.kind === "features") return alone.map === undefined ? from.x : { [ALL]: mapOf(from.x, alone.map) };
  const sizes = Object.values(networkInputs(sources, from)).map(({ shape }) => sizeOf(shape));
  return { [ALL]: [sizes.reduce((sum, size) => sum + size, 0)] };
};
