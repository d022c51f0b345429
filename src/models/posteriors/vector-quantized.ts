/**
 * The latent as codes: each vector of the last axis is the nearest of K learned vectors, or, in groups, each of its parts is that of a
 * codebook of its own. Networks see the vectors, the prior scores the codes. q has all mass on one code, so the rate is -ln p(codes) and
 * the ELBO is exact. The gradient of a code passes straight through to the encoder, which the commitment loss keeps near its codes; the
 * rate has none in the encoder, only in the prior.
 */
import { codebook } from "../../nn/index.js";
import { definePosterior } from "../../spec/define.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { checkedQuantization, codeShape, distance, encodedVectors, QUANTIZATION, quantizedAt } from "./quantization.js";

export const vectorQuantized = definePosterior({
  schema: {
    type: "object",
    title: "vector-quantized",
    description:
      "Codes of learned codebooks: one for each vector of the last axis, or for each group of its elements. The prior is over the codes.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "vector-quantized" },
      ...QUANTIZATION,
      groups: {
        type: "integer",
        minimum: 1,
        default: 1,
        description: "Parts of each vector, with a codebook each",
      },
    },
  },
  formula:
    "z = c_k, k = argmin_j |e(x) - c_j|; loss: distortion - beta ln p(k) + commitment |e(x) - sg(c_k)|^2; dz/de = identity",
  source:
    "van den Oord, Vinyals & Kavukcuoglu 2017, equations 1 to 3 and appendix A.1; groups: Jégou, Douze & Schmid 2011",
  resolve: checkedQuantization,
  capabilities: () => ["density", "evaluable", "discrete"],
  family: () => "quantized",
  support: () => "codes",
  refusesShape: ({ groups }, latent) => {
    const dimensions = latent.at(-1)!;
    if (dimensions % (groups as number) === 0) return undefined;
    return `${groups} groups do not divide its last axis, of ${dimensions}`;
  },
  create: ({ groups, commitment, ...options }, context) => {
    const { latent, parameters } = context;
    const width = latent.at(-1)! / groups;
    const vectors = encodedVectors(context);
    const codebooks = Array.from({ length: groups }, (_, g) =>
      codebook(parameters.scope(`codebook-${g}`), width, options),
    );
    const shape = codeShape(latent, groups, options.codes);
    /** Element g of the middle axis, [M, groups, ...] → [M, ...]. */
    const group = (x: Tensor, g: number): Tensor => tf.squeeze(tf.slice(x, [0, g, 0], [-1, 1, -1]), [1]);
    return {
      codes: {
        shape,
        embed: (codes) => {
          const leading = codes.shape.slice(0, -2);
          const rows = tf.reshape(codes, [-1, groups, options.codes]);
          const parts = codebooks.map((each, g) => each.embed(group(rows, g)));
          return tf.reshape(tf.concat(parts, 1), [...leading, ...latent]);
        },
      },
      at: (maps, { call }) => {
        const encoded = vectors(maps);
        const rows = tf.reshape(encoded, [-1, groups, width]);
        const found = codebooks.map((each, g) => {
          const x = group(rows, g);
          const nearest = each.nearest(x);
          if (call.training && call.purpose === "data") each.learn(x, nearest.codes, call.noise.fork(`codebook-${g}`));
          return nearest;
        });
        const quantized = tf.reshape(
          tf.concat(
            found.map((each) => each.vectors),
            1,
          ),
          encoded.shape,
        );
        const codes = tf.reshape(
          tf.stack(
            found.map((each) => each.codes),
            1,
          ),
          [-1, ...shape],
        );
        const examples = encoded.shape[0]!;
        if (options.update === "loss") call.loss("codebook", distance(quantized, encoded, examples));
        call.loss("commitment", tf.mul(commitment, distance(encoded, quantized, examples)));
        return quantizedAt({ encoded, quantized, codes }, call);
      },
    };
  },
});
