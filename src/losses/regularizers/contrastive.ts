/**
 * The contrastive loss of two views of each example, NT-Xent: with u the codes of all 2 B views, scaled to length 1, and i, j the views
 * of one example,
 *
 *     1 / 2B sum_i -ln exp(u_i u_j / T) / sum_{k != i} exp(u_i u_k / T)
 *
 * A view is the example shifted by whole pixels (images alone, zeros move in), with Gaussian noise, and with values set to 0. The codes
 * are draws, without the projection head of SimCLR. Statistics of the networks follow the examples, not the views.
 */
import type { StepContext } from "../../contracts/index.js";
import { normalized } from "../../distributions/sphere/geometry.js";
import { siteOf } from "../../inference/site.js";
import { defineRegularizer } from "../../spec/define.js";
import type { Noise } from "../../tensor/keyed-noise.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { firstDraw, hasPairs, MOVES_DRAWS, sideBySide } from "./codes.js";
import { WEIGHT } from "./weight.js";

const NAME = "contrastive";

interface Views {
  noise: number;
  dropout: number;
  shift: number;
}

/** Rows b of x [B, length, ...] moved by offsets [B]; zeros move in. */
const moved = (x: Tensor, offsets: Tensor): Tensor => {
  const [batch, length] = x.shape as [number, number];
  const from = tf.add(tf.reshape(tf.range(0, length), [1, length, 1]), tf.reshape(offsets, [batch, 1, 1]));
  const picks = tf.cast(tf.equal(from, tf.reshape(tf.range(0, length), [1, 1, length])), "float32");
  return tf.reshape(tf.matMul(picks, tf.reshape(x, [batch, length, -1])), x.shape);
};

/** Images [B, height, width, channels], each moved by up to `most` pixels along both axes. */
export const shifted = (images: Tensor, most: number, noise: Noise): Tensor => {
  const offsets = tf.sub(tf.floor(tf.mul(noise.uniform("shift", [2, images.shape[0]!]), 2 * most + 1)), most);
  const [down, across] = tf.unstack(offsets) as [Tensor, Tensor];
  const turned = tf.transpose(moved(images, down), [0, 2, 1, 3]);
  return tf.transpose(moved(turned, across), [0, 2, 1, 3]);
};

const viewOf = (x: Tensor, { noise: deviation, dropout, shift }: Views, noise: Noise): Tensor => {
  const placed = shift > 0 ? shifted(x, shift, noise) : x;
  const noisy = deviation > 0 ? tf.add(placed, tf.mul(noise.normal("noise", x.shape), deviation)) : placed;
  if (dropout === 0) return noisy;
  return tf.mul(noisy, tf.cast(tf.greaterEqual(noise.uniform("dropout", x.shape), dropout), "float32"));
};

/** @param first, second codes of both views, [B, D] */
export const contrast = (first: Tensor, second: Tensor, temperature: number): Scalar => {
  const batch = first.shape[0]!;
  const codes = normalized(tf.concat([first, second], 0));
  const similarities = tf.div(tf.matMul(codes, codes, false, true), temperature);
  const others = tf.sub(similarities, tf.mul(tf.eye(2 * batch), 1e9));
  const own = tf.concat([tf.range(batch, 2 * batch), tf.range(0, batch)], 0);
  const pairs = tf.cast(tf.equal(tf.expandDims(own, 1), tf.expandDims(tf.range(0, 2 * batch), 0)), "float32");
  return tf.mean(tf.sub(tf.logSumExp(others, 1), tf.sum(tf.mul(similarities, pairs), 1)));
};

const penalty = (step: StepContext, views: Views, temperature: number): Scalar => {
  const { model, batch } = step;
  const codes = ["first", "second"].map((name) => {
    const call = step.call(`${NAME}/${name}`);
    const x = viewOf(batch.fields[model.modeled]!, views, call.noise.fork("view"));
    const view = { ...batch, fields: { ...batch.fields, [model.modeled]: x } };
    const inferred = model.infer(view, { ...call, purpose: "pseudo-input", loss: () => {}, samples: 1 });
    return sideBySide(model.latents, (latent) => firstDraw(siteOf(inferred, latent).value));
  });
  return contrast(codes[0]!, codes[1]!, temperature);
};

export const contrastive = defineRegularizer({
  schema: {
    type: "object",
    title: "contrast of two views of each example",
    description: "Draws the codes of two views of an example together and those of different examples apart.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: NAME },
      weight: WEIGHT,
      temperature: {
        type: "number",
        exclusiveMinimum: 0,
        default: 0.5,
        description: "T: lower weighs near codes more",
      },
      noise: { type: "number", minimum: 0, default: 0.1, description: "Standard deviation of the noise of a view" },
      dropout: {
        type: "number",
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.25,
        description: "Fraction of the values of a view that is set to 0",
      },
      shift: {
        type: "integer",
        minimum: 0,
        maximum: 64,
        default: 0,
        description: "Pixels that a view is shifted by at most, along each axis of an image",
      },
    },
  },
  formula: "1/2B sum_i -ln [exp(u_i u_j / T) / sum_{k != i} exp(u_i u_k / T)], u = z / |z|",
  source: "Chen, Kornblith, Norouzi & Hinton 2020, eq. 1 (SimCLR)",
  requires: () => [MOVES_DRAWS],
  refuses: ({ shift }, { kind, support }) => {
    if (support === "categorical" || support === "one-hot")
      return "views add noise to values, and categories take none: use numbers, or take the regularizer out";
    return Number(shift) > 0 && kind !== "image" ? 'only images can be shifted: set "shift" to 0' : undefined;
  },
  create: ({ weight, temperature, ...views }) => ({
    weight,
    unit: "nats",
    penalty: (step) => (hasPairs(NAME, step) ? penalty(step, views, temperature) : tf.scalar(0)),
  }),
});
