/**
 * All randomness inside a step. A draw depends on the fed key (seed and step, or seed and block of examples) and on the name
 * of its site, never on earlier draws. So a step can be replayed, captured, resumed or split differently.
 */
import { VaelabError } from "../errors.js";
import { hashInts } from "../numerics/streams.js";
import type { Shape } from "./fields.js";
import type { NoiseKernels } from "./noise-kernels.js";
import { type Tensor, tf } from "./tensor.js";

export interface Noise {
  /** Standard normal draws, float32. */
  normal(site: string, shape: Shape): Tensor;
  /** Uniform draws in [0, 1), float32. */
  uniform(site: string, shape: Shape): Tensor;
  /** An independent source whose site names cannot clash with those of this one. */
  fork(name: string): Noise;
}

/**
 * @param key int32 [2], fed; it changes from step to step.
 * @throws CONTRACT if a site is drawn twice, because the second draw would repeat the first.
 */
export const keyedNoise = (kernels: NoiseKernels, key: Tensor, path = ""): Noise => sitesNoise(kernels, key, path);

/**
 * The noise of several blocks of examples in one call: every draw has an axis of all their examples, and each block's part of
 * it is drawn by its own key, so that it is what the block would have drawn alone.
 *
 * @param keys int32 [blocks, 2]
 * @param size examples of a block
 * @throws CONTRACT also when a draw has no such axis
 */
export const blocksNoise = (kernels: NoiseKernels, keys: Tensor, size: number): Noise => {
  const blocks = keys.shape[0]!;
  const inBlocks =
    (draw: NoiseKernels["normal"]): NoiseKernels["normal"] =>
    (siteKeys, shape) => {
      const axis = shape.indexOf(blocks * size);
      if (axis < 0)
        throw new VaelabError("CONTRACT", {
          message: `a draw of shape [${shape}] has no axis of ${blocks} blocks of ${size} examples`,
        });
      const ofBlock = shape.map((length, i) => (i === axis ? size : length));
      return tf.concat(
        tf.unstack(siteKeys).map((key) => draw(key, ofBlock)),
        axis,
      );
    };
  return sitesNoise({ normal: inBlocks(kernels.normal), uniform: inBlocks(kernels.uniform) }, keys, "");
};

const sitesNoise = (kernels: NoiseKernels, key: Tensor, path: string): Noise => {
  const taken = new Set<string>();
  const take = (site: string): string => {
    const name = `${path}/${site}`;
    if (taken.has(name)) {
      throw new VaelabError("CONTRACT", {
        message: `the noise site "${name}" is drawn twice in one step, so both draws would be the same`,
        remedy: "Give each draw or fork a name of its own.",
      });
    }
    taken.add(name);
    return name;
  };
  const keyOf = (site: string): Tensor => tf.add(key, tf.tensor1d(hashInts(take(site)), "int32"));
  return {
    normal: (site, shape) => kernels.normal(keyOf(site), shape),
    uniform: (site, shape) => kernels.uniform(keyOf(site), shape),
    fork: (name) => sitesNoise(kernels, key, take(name)),
  };
};
