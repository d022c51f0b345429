/**
 * Multilayer perceptron: all latents flattened and joined, dense layers with one activation, and a linear layer to the
 * likelihood's parameters. Where the encoder is an mlp, its hidden layers in reverse and its activation are the defaults.
 */
import { defineDecoder, type ResolvedFields } from "../../core/define.js";
import { sizeOf } from "../../core/fields.js";
import { glorotUniform } from "../../core/initializers.js";
import { ACTIVATIONS, dense, flattenLatents, multilayer } from "../../core/nn.js";
import { tf } from "../../core/tensor.js";

const HIDDEN = [256, 512];
const ACTIVATION = "relu";

/** The encoder's layers in reverse, its activation; what it does not have is taken from the defaults. */
const mirrored = (encoder: ResolvedFields | undefined): { hidden: unknown; activation: unknown } => {
  const { hidden, activation }: Readonly<Record<string, unknown>> = encoder?.type === "mlp" ? encoder : {};
  return {
    hidden: Array.isArray(hidden) ? hidden.toReversed() : HIDDEN,
    activation: activation ?? ACTIVATION,
  };
};

export const mlp = defineDecoder({
  schema: {
    type: "object",
    title: "multilayer perceptron",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "mlp" },
      hidden: {
        type: "array",
        items: { type: "integer", minimum: 1 },
        description:
          "units of each hidden layer, from the latent on; [] for none; by default those of an mlp encoder in reverse, else [256, 512]",
      },
      activation: {
        enum: ACTIVATIONS,
        description: "after every hidden layer; by default that of an mlp encoder, else relu",
      },
    },
  },
  source: "Kingma & Welling 2014, appendix C",
  resolve: (fields, { encoder }) => ({ ...mirrored(encoder), ...fields }),
  create: ({ hidden = HIDDEN, activation = ACTIVATION }, { latents, output, parameters }) => {
    const flat = flattenLatents(latents);
    const layers = multilayer(parameters, flat.size, hidden, { activation });
    const last = dense(parameters.scope("output"), layers.outputs, sizeOf(output), glorotUniform);
    return {
      decode: (values, context) => {
        const z = flat.apply(values);
        return tf.reshape(last(layers.apply(z, context)), [z.shape[0]!, ...output]);
      },
    };
  },
});
