/**
 * A masked autoencoder for distribution estimation: output d is a function of the inputs before d alone (Germain et al. 2015, section
 * 4.1). Units have degrees: input d has d + 1; a hidden unit sees those below it of no larger degree, an output those of a smaller one.
 */
import type { ParameterScope } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { type FlowNetwork, type FlowNetworkOptions, flowNetwork, type ShiftAndScale } from "./flow-network.js";

export const made = (
  parameters: ParameterScope,
  size: number,
  options: Omit<FlowNetworkOptions, "sees">,
): FlowNetwork => {
  const depth = options.hidden.length;
  /** Degree of a unit after this many layers. Hidden units have 1, ..., D - 1 in turn. */
  const degree = (layers: number, unit: number): number =>
    layers === 0 || layers > depth ? unit + 1 : (unit % Math.max(size - 1, 1)) + 1;
  return flowNetwork(parameters, size, {
    ...options,
    sees: (layer, output, input) => {
      const [above, below] = [degree(layer + 1, output), degree(layer, input)];
      return layer === depth ? below < above : below <= above;
    },
  });
};

/** Element d of the last axis, which is kept. */
const column = (x: Tensor, d: number): Tensor =>
  tf.slice(x, [...x.shape.slice(0, -1).map(() => 0), d], [...x.shape.slice(0, -1), 1]);

/**
 * Finds x element by element, where each needs those before it: D passes through the network.
 * @param solve one element of x from its shift, its raw scale and that of `target`, each [..., 1]
 * @returns x [..., D], and the raw scales that it has
 */
export const inOrder = (
  network: (x: Tensor) => ShiftAndScale,
  target: Tensor,
  solve: (parts: ShiftAndScale, target: Tensor) => Tensor,
): { value: Tensor; scale: Tensor } => {
  const size = target.shape.at(-1)!;
  const found: Tensor[] = [];
  const scales: Tensor[] = [];
  for (let d = 0; d < size; d++) {
    const unknown = tf.zeros([...target.shape.slice(0, -1), size - d]);
    const all = network(tf.concat([...found, unknown], -1));
    const parts = { shift: column(all.shift, d), scale: column(all.scale, d) };
    found.push(solve(parts, column(target, d)));
    scales.push(parts.scale);
  }
  return { value: tf.concat(found, -1), scale: tf.concat(scales, -1) };
};
