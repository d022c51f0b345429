/**
 * y = f(x) + P x, with f the layers inside. P is the identity where shapes agree; else a linear projection: a convolution of
 * window 1 whose stride takes height and width, or a length, where f takes them, or a dense layer.
 */

import {
  connectLayers,
  conv1d,
  conv2d,
  dense,
  LAYERS,
  type Layer,
  type Stride,
  strided,
  unfit,
} from "../../nn/index.js";
import { maximum } from "../../numerics/lists.js";
import { defineLayer } from "../../spec/define.js";
import { type Shape, showShape } from "../../tensor/fields.js";
import type { ParameterScope } from "../../tensor/parameters.js";
import { tf } from "../../tensor/tensor.js";

const same = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, axis) => size === b[axis]);

/** The smallest stride from one length to another, where there is one. */
const stepBetween = (from: number, to: number): number | undefined =>
  Array.from({ length: from }, (_, i) => i + 1).find((step) => Math.ceil(from / step) === to);
/** The stride from one height and width to the other, where there is one: the same along both axes if that goes. */
const strideBetween = ([height = 1, width = 1]: Shape, [tall = 1, wide = 1]: Shape): Stride | undefined => {
  const extent = [height, width] as const;
  const both = Array.from({ length: maximum(extent) }, (_, i) => i + 1).find((stride) =>
    same(strided(extent, stride), [tall, wide]),
  );
  if (both !== undefined) return both;
  const [down, right] = [stepBetween(height, tall), stepBetween(width, wide)];
  return down !== undefined && right !== undefined ? [down, right] : undefined;
};

const hasProjection = (input: Shape, output: Shape): boolean =>
  input.length === output.length &&
  (input.length === 1 ||
    (input.length === 2 && stepBetween(input[0]!, output[0]!) !== undefined) ||
    (input.length === 3 && strideBetween(input, output) !== undefined));

const projection = (parameters: ParameterScope, input: Shape, output: Shape): Layer => {
  if (same(input, output)) return (x) => x;
  const [inputs, outputs] = [input.at(-1)!, output.at(-1)!];
  if (input.length === 1) return dense(parameters, inputs, outputs);
  if (input.length === 2)
    return conv1d(parameters, { inputs, outputs, kernel: 1, stride: stepBetween(input[0]!, output[0]!)! });
  return conv2d(parameters, { inputs, outputs, kernel: 1, stride: strideBetween(input, output)! });
};

export const residual = defineLayer({
  schema: {
    type: "object",
    title: "residual connection",
    required: ["type", "layers"],
    additionalProperties: false,
    properties: {
      type: { const: "residual" },
      layers: {
        ...LAYERS,
        description: "Layers whose output is added to the input",
      },
    },
  },
  source: "He et al. 2016",
  shape: ({ layers }, input, along) => {
    const output = along(layers, input);
    if (same(input, output) || hasProjection(input, output)) return output;
    return unfit(
      `adds its input to ${showShape(output)}, but no projection connects the two shapes`,
      "A projection maps units to units, or feature maps or sequences to those whose size a stride gives.",
    );
  },
  create: ({ layers }, { input, output, parameters, name, initializer }) => {
    const inner = connectLayers(layers, { input, name, initializer, parameters: parameters.scope("layers") });
    const shortcut = projection(parameters.scope("projection"), input, output);
    return (x, context) => tf.add(inner.apply(x, context), shortcut(x));
  },
});
