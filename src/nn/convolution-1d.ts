/** Convolutions over [N, length, channels], which are those over maps [N, length, 1, channels]. */
import type { ParameterScope } from "../tensor/parameters.js";
import { tf } from "../tensor/tensor.js";
import { type Convolution, conv2d, conv2dTranspose, windowed } from "./convolution.js";
import type { Layer } from "./layer.js";

export interface Convolution1d extends Convolution {
  kernel: number;
  stride?: number;
}

const overMaps =
  (layer: Layer): Layer =>
  (x) =>
    tf.squeeze(layer(tf.expandDims(x, 2)), [2]);
const asMaps = ({ kernel, stride = 1, ...others }: Convolution1d): Convolution => ({
  ...others,
  kernel: [kernel, 1],
  stride: [stride, 1],
});

/** The length that windows give. @throws SPEC_COMBINATION where none is inside */
export const windowedLength = (
  length: number,
  { kernel, stride, padding }: Required<Pick<Convolution1d, "kernel" | "stride" | "padding">>,
): number => windowed([length, 1], { kernel: [kernel, 1], stride: [stride, 1], padding })[0];

/** Parameters "weights" [kernel, 1, inputs, outputs] and "bias" in the scope given. */
export const conv1d = (parameters: ParameterScope, convolution: Convolution1d): Layer =>
  overMaps(conv2d(parameters, asMaps(convolution)));

/** The transpose (in its input) of `conv1d`, to the length given. Parameters "weights" [kernel, 1, outputs, inputs] and "bias". */
export const conv1dTranspose = (parameters: ParameterScope, length: number, convolution: Convolution1d): Layer =>
  overMaps(conv2dTranspose(parameters, [length, 1], asMaps(convolution)));
