/**
 * One minus the multi-scale structural similarity of images and their reconstructions, averaged over the batch:
 *
 *     l_j  = (2 mx my + C1) / (mx^2 + my^2 + C1)      C1 = 0.01^2, C2 = 0.03^2
 *     cs_j = (2 sxy + C2) / (sx^2 + sy^2 + C2)
 *     MS-SSIM = prod_{j < M} mean(max(cs_j, 0))^w_j * mean(max(l_M cs_M, 0))^w_M
 *
 * The window and the scales are those of the metric `ms-ssim`. A reconstruction is the decoded mean of one draw. Windows slide by products
 * with band matrices, from which a gradient costs no more than the value.
 */
import type { StepContext } from "../../contracts/index.js";
import { scalesFor, scaleWeights, WINDOW } from "../../numerics/image-scales.js";
import { defineRegularizer } from "../../spec/define.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { MOVES_DRAWS } from "./codes.js";
import { decodedMean, drawnValues, refusesUnlikeImages } from "./decoded.js";
import { WEIGHT } from "./weight.js";

const NAME = "ms-ssim";
/** Below it a clipped similarity has no useful power. */
const LEAST_SIMILARITY = 1e-6;

/** Constant [rows, columns]. */
const matrix = (rows: number, columns: number, at: (row: number, column: number) => number): Tensor =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns)),
    [rows, columns],
  );
const sliding = (size: number): Tensor => matrix(size, size - WINDOW.length + 1, (i, j) => WINDOW[i - j] ?? 0);
const halving = (size: number): Tensor =>
  matrix(size, Math.floor(size / 2), (i, j) => (Math.floor(i / 2) === j ? 0.5 : 0));

/** Planes [N, height, width] by a matrix along each axis: [N, height', width']. */
const alongBoth = (planes: Tensor, matrixOf: (size: number) => Tensor): Tensor => {
  const [n, height, width] = planes.shape as [number, number, number];
  const across = tf.matMul(tf.reshape(planes, [n * height, width]), matrixOf(width));
  const turned = tf.transpose(tf.reshape(across, [n, height, -1]), [0, 2, 1]);
  const down = tf.matMul(tf.reshape(turned, [-1, height]), matrixOf(height));
  return tf.transpose(tf.reshape(down, [n, turned.shape[1]!, -1]), [0, 2, 1]);
};

/** Means over positions of l cs and of cs, [N] each. */
const similarityOf = (x: Tensor, y: Tensor): { ssim: Tensor; contrast: Tensor } => {
  const smooth = (planes: Tensor): Tensor => alongBoth(planes, sliding);
  const [mx, my] = [smooth(x), smooth(y)];
  const ratio = (product: Tensor, squares: Tensor, constant: number): Tensor =>
    tf.div(tf.add(tf.mul(product, 2), constant), tf.add(squares, constant));
  const squares = tf.add(tf.square(mx), tf.square(my));
  const covariance = tf.sub(smooth(tf.mul(x, y)), tf.mul(mx, my));
  const variances = tf.sub(tf.add(smooth(tf.square(x)), smooth(tf.square(y))), squares);
  const cs = ratio(covariance, variances, 0.03 ** 2);
  return {
    ssim: tf.mean(tf.mul(ratio(tf.mul(mx, my), squares, 0.01 ** 2), cs), [1, 2]),
    contrast: tf.mean(cs, [1, 2]),
  };
};

/** MS-SSIM of images [B, height, width, channels] with values in [0, 1], averaged over channels and the batch. */
export const meanSimilarity = (a: Tensor, b: Tensor): Scalar => {
  const [, height, width] = a.shape as [number, number, number, number];
  const weights = scaleWeights({ height, width });
  const planesOf = (images: Tensor): Tensor => tf.reshape(tf.transpose(images, [0, 3, 1, 2]), [-1, height, width]);
  let [x, y] = [planesOf(a), planesOf(b)];
  const factors = weights.map((weight, scale): Tensor => {
    const { ssim, contrast } = similarityOf(x, y);
    [x, y] = [alongBoth(x, halving), alongBoth(y, halving)];
    return tf.pow(tf.maximum(scale === weights.length - 1 ? ssim : contrast, LEAST_SIMILARITY), weight);
  });
  return tf.mean(factors.reduce((product, factor) => tf.mul(product, factor)));
};

const penalty = (step: StepContext): Scalar => {
  const { model, batch } = step;
  const images = batch.fields[model.modeled]!;
  return tf.sub<Scalar>(1, meanSimilarity(images, decodedMean(step, NAME, drawnValues(step))));
};

export const msSsim = defineRegularizer({
  schema: {
    type: "object",
    title: "structural dissimilarity of images and reconstructions",
    description: "At several scales, as many as a window of 11 x 11 fits: 28 x 28 images have two.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: NAME }, weight: WEIGHT },
  },
  formula: "1 - MS-SSIM(x, E[x | z]), z ~ q(z | x)",
  source: "Wang, Simoncelli & Bovik 2003, eq. 7; as a loss of autoencoders: Snell et al. 2017",
  requires: () => [MOVES_DRAWS],
  refuses: (_, field) => {
    const [height = 0, width = 0] = field.shape;
    return (
      refusesUnlikeImages(field) ??
      (scalesFor({ height, width }) === 0
        ? "images are smaller than its window of 11 x 11: use larger ones, or take the regularizer out"
        : undefined)
    );
  },
  create: ({ weight }) => ({ weight, penalty }),
});
