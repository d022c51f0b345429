/**
 * Dense layers, a dense layer to maps, and transposed convolutions of padding "same" to the height and width of the image,
 * exactly, whatever they are: the extents are those that the strides pass on the way down. All but the last, which is linear
 * and gives the likelihood's parameters, are followed by normalisation, activation and dropout. Where the encoder is a conv,
 * the defaults are its fields, lists in reverse.
 */
import { defineDecoder, type ResolvedFields } from "../../core/define.js";
import { VaelabError } from "../../core/errors.js";
import { sizeOf } from "../../core/fields.js";
import { glorotUniform } from "../../core/initializers.js";
import {
  type CalledLayer,
  CONVOLUTIONAL,
  checkStrides,
  conv2dTranspose,
  dense,
  extentsAlong,
  flattenLatents,
  follow,
  initializerBefore,
  multilayer,
  needsBias,
  sequence,
  strideRefusal,
} from "../../core/nn.js";
import { tf } from "../../core/tensor.js";

const DEFAULTS = {
  filters: [64, 32],
  kernel: 4,
  hidden: [256],
  activation: "relu",
  normalisation: "none",
  dropout: 0,
} as const;
const STRIDE = 2;

/** What a conv encoder has, lists in reverse, else the defaults. */
const mirrored = (encoder: ResolvedFields | undefined): Readonly<Record<string, unknown>> => {
  if (encoder?.type !== "conv") return DEFAULTS;
  const names = [...Object.keys(DEFAULTS), "strides"];
  return Object.fromEntries(
    Object.entries(encoder).flatMap(([name, value]) =>
      names.includes(name) ? [[name, Array.isArray(value) ? value.toReversed() : value]] : [],
    ),
  );
};

export const conv = defineDecoder({
  schema: {
    type: "object",
    title: "transposed convolutions",
    description: "Gives images of any size.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "conv" },
      filters: {
        ...CONVOLUTIONAL.filters,
        description:
          "channels before each transposed convolution, from the latent on; by default those of a conv encoder in reverse, else [64, 32]",
      },
      kernel: {
        ...CONVOLUTIONAL.kernel,
        description: "height and width of the windows; by default that of a conv encoder, else 4",
      },
      strides: {
        ...CONVOLUTIONAL.strides,
        description: "of each transposed convolution; by default those of a conv encoder in reverse, else 2 in each",
      },
      hidden: {
        ...CONVOLUTIONAL.hidden,
        description:
          "units of each dense layer before the one to maps; by default those of a conv encoder in reverse, else [256]",
      },
      activation: {
        ...CONVOLUTIONAL.activation,
        description: "after every layer but the last; by default that of a conv encoder, else relu",
      },
      normalisation: {
        ...CONVOLUTIONAL.normalisation,
        description: "before every activation; by default that of a conv encoder, else none",
      },
      dropout: {
        ...CONVOLUTIONAL.dropout,
        description: "probability of each element, after activations; by default that of a conv encoder, else 0",
      },
    },
  },
  source: "Radford et al. 2016 (DCGAN), section 3",
  resolve: (fields, { encoder }) => {
    const { strides, ...mirror } = mirrored(encoder);
    const filters = (fields.filters ?? mirror.filters) as number[];
    const ofEncoder = Array.isArray(strides) && strides.length === filters.length ? strides : undefined;
    const resolved = { ...mirror, strides: ofEncoder ?? filters.map(() => STRIDE), ...fields };
    checkStrides(filters, resolved.strides as number[]);
    return resolved;
  },
  refuses: ({ strides }, field) => strideRefusal((strides as number[]).toReversed(), field),
  create: (fields, { latents, output, field, parameters }) => {
    const { filters, kernel, hidden, ...following } = { ...DEFAULTS, ...fields };
    const strides = fields.strides ?? filters.map(() => STRIDE);
    const [height = 1, width = 1] = field.shape;
    const extents = extentsAlong([height, width], strides.toReversed())!.toReversed();
    const [smallest] = extents as [(typeof extents)[0], ...typeof extents];
    const channels = sizeOf(output) / (height * width);
    if (!Number.isInteger(channels)) {
      const message = `the likelihood asks for [${output}], which is no whole number of maps of ${height} x ${width}`;
      throw new VaelabError("CONTRACT", { message });
    }
    const flat = flattenLatents(latents);
    const initializer = initializerBefore(following.activation);
    const bias = needsBias(following);
    const layers = multilayer(parameters, flat.size, hidden, following);
    const toMaps = dense(parameters.scope("maps"), layers.outputs, sizeOf([...smallest, filters[0]!]), initializer, {
      bias,
    });
    const afterMaps = follow(parameters, "maps", filters[0]!, following);
    const convolutions = filters.flatMap((inputs, i): CalledLayer[] => {
      const name = `conv-${i}`;
      const scope = parameters.scope(name);
      const shape = { inputs, kernel, stride: strides[i]! };
      const outputs = filters[i + 1];
      if (outputs === undefined)
        return [conv2dTranspose(scope, [height, width], { ...shape, outputs: channels, initializer: glorotUniform })];
      return [
        conv2dTranspose(scope, extents[i + 1]!, { ...shape, outputs, initializer, bias }),
        follow(parameters, name, outputs, following),
      ];
    });
    const transposed = sequence(convolutions);
    return {
      decode: (values, context) => {
        const units = toMaps(layers.apply(flat.apply(values), context));
        const maps = afterMaps(tf.reshape(units, [-1, ...smallest, filters[0]!]), context);
        return tf.reshape(transposed(maps, context), [-1, ...output]);
      },
    };
  },
});
