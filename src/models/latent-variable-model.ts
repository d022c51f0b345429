/**
 * The model that a spec describes: one latent site "z" joined from an encoder, a posterior, a prior, a decoder and a
 * likelihood. It alone knows of sample axes: networks see [N, ...] with N = S * B.
 */
import type { CallContext, Decoder, Encoder, Likelihood, Model, Posterior, Prior } from "../core/contracts/model.js";
import type { Distribution } from "../core/distribution.js";
import { makeSite } from "../core/distributions/site.js";
import { VaelabError } from "../core/errors.js";
import { type FieldSchemas, type Fields, type Shape, sizeOf } from "../core/fields.js";
import type { ParameterStore } from "../core/parameters.js";
import { tf } from "../core/tensor.js";

export const SITE = "z";

/** Names of the parameters that infer, which a refitted copy replaces. */
export const isInference = (name: string): boolean => name.startsWith("encoder/") || name.startsWith("posterior/");

export interface Parts {
  encoder: Encoder;
  posterior: Posterior;
  prior: Prior;
  decoder: Decoder;
  likelihood: Likelihood;
}

export const latentVariableModel = (
  { encoder, posterior, prior, decoder, likelihood }: Parts,
  { fields, modelled, latent, store }: { fields: FieldSchemas; modelled: string; latent: Shape; store: ParameterStore },
): Model => {
  const seen = (given: Fields): Fields => {
    const field = given[modelled];
    if (!field) throw new VaelabError("INTERNAL", { message: `the batch lacks the field "${modelled}"` });
    return { [modelled]: field };
  };
  const encode = (given: Fields, context: CallContext): Distribution =>
    posterior.at(encoder.encode(seen(given), context), { parents: {} });
  const priorAt = (context: CallContext): Distribution => {
    const inner = { training: context.training, noise: context.noise.fork("prior") };
    return prior.at({ parents: {}, encode: (given) => encode(given, inner) });
  };

  return {
    fields,
    modelled,
    latents: { [SITE]: latent },
    infer: (batch, context) => {
      const q = store.bind(context.proposal ?? {}, () => encode(batch.fields, context));
      return [makeSite({ name: SITE, q, p: priorAt(context), noise: context.noise, samples: context.samples })];
    },
    generate: (values, context) => {
      const z = values[SITE];
      if (!z) throw new VaelabError("INTERNAL", { message: `no value for the latent "${SITE}"` });
      const leading = z.shape.slice(0, z.rank - latent.length);
      const folded = tf.reshape(z, [sizeOf(leading), ...latent]);
      const parameters = decoder.decode({ [SITE]: folded }, context);
      return likelihood.at(tf.reshape(parameters, [...leading, ...likelihood.outputs]));
    },
    samplePrior: (count, context) => ({ [SITE]: priorAt(context).sample(context.noise, SITE, [count]) }),
  };
};
