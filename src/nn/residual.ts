/**
 * Residual blocks with pre-activation: with a = activation(normalization(x)),
 *
 *     y = shortcut + linear(dropout(activation(normalization(linear(a)))))
 *
 * Of maps, linear is a convolution with windows 3 x 3, and the shortcut is x itself, or a 1 x 1 convolution of a if channels or
 * size change (He et al. 2016, "Identity mappings", figure 4e and section 4.1). A block that upsamples first repeats the pixels of
 * both a and x. Of units, linear is a dense layer and the shortcut is x.
 */
import type { Initializer } from "../tensor/initializers.js";
import type { ParameterScope } from "../tensor/parameters.js";
import { tf } from "../tensor/tensor.js";
import { conv2d, type Extent, type Stride, strideAxes, upsample } from "./convolution.js";
import { dense } from "./dense.js";
import { FOLLOWING, type Following, follow, linearOptions } from "./follow.js";
import { type CalledLayer, type Layer, sequence } from "./layer.js";

export interface ResidualBlock {
  inputs: number;
  outputs: number;
  /** Stride of the first convolution, for a block that downsamples. */
  stride?: Stride;
  /** Of both convolutions; 3 x 3 unless told otherwise. */
  kernel?: Stride;
  /** Output size of a block that upsamples. */
  extent?: Extent;
  initializer: Initializer;
}

/** x to a, and a to what is added to the shortcut. `linear` declares the first or the second linear layer. */
const preActivated = (
  parameters: ParameterScope,
  name: string,
  { inputs, outputs }: { inputs: number; outputs: number },
  following: Following,
  linear: (which: 0 | 1) => Layer,
): { activated: CalledLayer; branch: CalledLayer } => {
  const activated = follow(parameters, `${name}/before`, inputs, { ...following, dropout: 0 });
  const first = linear(0);
  const between = follow(parameters, `${name}/between`, outputs, following);
  return { activated, branch: sequence([first, between, linear(1)]) };
};

/** @param name scope of the parameters and part of the site of the noise */
export const residualBlock = (
  parameters: ParameterScope,
  name: string,
  { inputs, outputs, stride = 1, kernel = 3, extent, initializer }: ResidualBlock,
  following: Following,
): CalledLayer => {
  const part = (within: string): ParameterScope => parameters.scope(`${name}/${within}`);
  const shapes = [{ inputs, stride }, { inputs: outputs }] as const;
  const { activated, branch } = preActivated(parameters, name, { inputs, outputs }, following, (i) =>
    conv2d(part(`conv-${i}`), { ...shapes[i], outputs, kernel, initializer, ...linearOptions(following) }),
  );
  const project =
    inputs === outputs && strideAxes(stride).every((step) => step === 1)
      ? undefined
      : conv2d(part("projection"), {
          ...linearOptions(following),
          ...{ inputs, outputs, kernel: 1, stride, bias: false },
        });
  const resize = extent ? upsample(extent) : undefined;
  return (x, context) => {
    const small = activated(x, context);
    const a = resize ? resize(small) : small;
    const shortcut = project ? project(a) : resize ? resize(x) : x;
    return tf.add(branch(a, context), shortcut);
  };
};

/** Schemas without default or description. */
export const DENSE_RESIDUAL = {
  width: { type: "integer", minimum: 1 },
  blocks: { type: "integer", minimum: 1 },
  ...FOLLOWING,
} as const;
export interface ResidualStack {
  /** Units of each layer. */
  width: number;
  /** Blocks of two dense layers each. */
  blocks: number;
  initializer: Initializer;
}

/** A dense layer "first" to the width, blocks "block-0", "block-1", ..., and normalization and activation: [N, inputs] → [N, width]. */
export const denseResidualStack = (
  parameters: ParameterScope,
  inputs: number,
  { width, blocks, initializer }: ResidualStack,
  following: Following,
): CalledLayer => {
  const options = linearOptions(following);
  const block = (name: string): CalledLayer => {
    const { activated, branch } = preActivated(parameters, name, { inputs: width, outputs: width }, following, (i) =>
      dense(parameters.scope(`${name}/dense-${i}`), width, width, initializer, options),
    );
    return (x, context) => tf.add(x, branch(activated(x, context), context));
  };
  return sequence([
    dense(parameters.scope("first"), inputs, width, initializer, options),
    ...Array.from({ length: blocks }, (_, i) => block(`block-${i}`)),
    follow(parameters, "last", width, { ...following, dropout: 0 }),
  ]);
};
