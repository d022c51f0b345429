/** Which part of a model a parameter belongs to, by its name, for objectives that move the parts by losses of their own. */

/** Of the inference network: encoders and posteriors. */
export const infers = (name: string): boolean =>
  /^(encoder|posterior)\//.test(name) || /^latents\/[^/]+\/(encoder|posterior)\//.test(name);

/** Of the objective itself: a baseline, for example. */
export const isOfObjective = (name: string): boolean => name.startsWith("objective/");

/** Of p(x, z): decoders, likelihoods and priors. */
export const generates = (name: string): boolean => !infers(name) && !/^(heads|regularizers|objective)\//.test(name);

/** Of a decoder: that of the model, or of one of its outputs. */
export const decodes = (name: string): boolean => /^(outputs\/[^/]+\/)?decoder\//.test(name);
