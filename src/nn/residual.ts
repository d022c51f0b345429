/**
 * Residual blocks with pre-activation: with a = activation(normalization(x)),
 *
 *     y = shortcut + conv(dropout(activation(normalization(conv(a)))))        windows 3 x 3
 *
 * The shortcut is x itself, or a 1 x 1 convolution of a if channels or size change (He et al. 2016, "Identity mappings",
 * figure 4e and section 4.1). A block that upsamples first repeats the pixels of both a and x.
 */
import type { Initializer } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { tf } from "../tensor/tensor.js";
import { conv2d, type Extent, type Stride, strideAxes, upsample } from "./convolution.js";
import { type Following, follow, needsBias } from "./follow.js";
import type { CalledLayer } from "./layer.js";

export interface ResidualBlock {
  inputs: number;
  outputs: number;
  /** Stride of the first convolution, for a block that downsamples. */
  stride?: Stride;
  /** Output size of a block that upsamples. */
  extent?: Extent;
  initializer: Initializer;
}

/** @param name scope of the parameters and part of the site of the noise */
export const residualBlock = (
  parameters: ParameterScope,
  name: string,
  { inputs, outputs, stride = 1, extent, initializer }: ResidualBlock,
  following: Following,
): CalledLayer => {
  const bias = needsBias(following);
  const part = (within: string): ParameterScope => parameters.scope(`${name}/${within}`);
  const before = follow(parameters, `${name}/before`, inputs, { ...following, dropout: 0 });
  const first = conv2d(part("conv-0"), { inputs, outputs, kernel: 3, stride, initializer, bias });
  const between = follow(parameters, `${name}/between`, outputs, following);
  const second = conv2d(part("conv-1"), { inputs: outputs, outputs, kernel: 3, initializer, bias });
  const project =
    inputs === outputs && strideAxes(stride).every((step) => step === 1)
      ? undefined
      : conv2d(part("projection"), { inputs, outputs, kernel: 1, stride, bias: false });
  const resize = extent ? upsample(extent) : undefined;
  return (x, context) => {
    const activated = before(x, context);
    const a = resize ? resize(activated) : activated;
    const shortcut = project ? project(a) : resize ? resize(x) : x;
    return tf.add(second(between(first(a), context)), shortcut);
  };
};
