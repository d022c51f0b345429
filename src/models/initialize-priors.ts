/** Priors that begin from what the encoder makes of training examples. */
import { VaelabError } from "../errors.js";
import { evaluationCall } from "../inference/call.js";
import type { Noise } from "../tensor/keyed-noise.js";
import type { Tensor } from "../tensor/tensor.js";
import { encodeAt, type JoinedParts } from "./joined-parts.js";

const refuse = (): never => {
  throw new VaelabError("CONTRACT", {
    message: "a posterior or an encoder draws noise where a prior is initialized, and there is none before training",
  });
};
const none: Noise = { normal: refuse, uniform: refuse, fork: () => none };

export const isInitializedFromData = ({ latents }: Pick<JoinedParts, "latents">): boolean =>
  latents.some(({ prior }) => prior.initialize);

/** The values that priors give to parameters, by name, of the shapes of these. Reads the parameters of the model. @throws CONTRACT */
export const initializePriors = (parts: JoinedParts): Readonly<Record<string, Tensor>> => {
  const shapes = new Map(parts.store.parameters.map(({ name, shape }) => [name, shape]));
  const call = evaluationCall(none);
  const values = parts.latents.flatMap((latent) =>
    Object.entries(latent.prior.initialize?.(encodeAt(parts, latent, call)) ?? {}),
  );
  for (const [name, { shape }] of values)
    if (shapes.get(name)?.join() !== shape.join())
      throw new VaelabError("CONTRACT", {
        message: `a prior initializes "${name}" with values of the shape [${shape}], and the parameter has [${shapes.get(name) ?? "no such name"}]`,
      });
  return Object.fromEntries(values);
};
