/**
 * The squared Frobenius norm of the decoder's Jacobian at the codes, averaged over the batch:
 *
 *     E_x |J|_F^2,   J = d E[x | z] / dz at one draw z ~ q(z | x)
 *
 * It is estimated without bias by random probes v, uniform on {-1, 1}^n: E_v |J' v|^2 = |J|_F^2, one gradient in z for each probe. The
 * gradient is in the codes z, not in the encoder's input x. The decoder is called as outside training: dropout is off, and
 * statistics stay.
 */
import type { Values } from "../../contracts/call-context.js";
import type { StepContext } from "../../contracts/index.js";
import { forkCall } from "../../inference/call.js";
import { siteOf } from "../../inference/site.js";
import { mapValues } from "../../numerics/records.js";
import { defineRegularizer } from "../../spec/define.js";
import { gradientsOf } from "../../tensor/autodiff.js";
import type { Noise } from "../../tensor/keyed-noise.js";
import { type Scalar, type Tensor, tf } from "../../tensor/tensor.js";
import { firstDraw, MOVES_DRAWS } from "./codes.js";
import { meanOf } from "./decoded.js";
import { WEIGHT } from "./weight.js";

const NAME = "decoder-gradient-penalty";

/** E[x | z] as a function of the values of the latents, [1, B, ...] each. */
const decoderMean = ({ model, batch, ...step }: StepContext): ((values: Values) => Tensor) => {
  const call = step.call(NAME);
  let evaluations = 0;
  return (values) => {
    const quiet = forkCall(call, `probe ${evaluations++}`, { training: false, loss: () => {} });
    return meanOf(NAME, model.generate(values, quiet, batch.fields));
  };
};

const rademacher = (noise: Noise, like: Tensor): Tensor =>
  tf.sub(tf.mul(2, tf.cast(tf.greaterEqual(noise.uniform("probe", like.shape), 0.5), "float32")), 1);

const squaredJacobian = (step: StepContext, probes: number): Scalar => {
  const { model, batch } = step;
  const inferred = step.inferred();
  const values = mapValues(model.latents, (_, latent) => tf.expandDims(firstDraw(siteOf(inferred, latent).value), 0));
  const mean = decoderMean(step);
  const noise = step.call(`${NAME}/probes`).noise;
  const squares = Array.from({ length: probes }, (_, k): Scalar => {
    // That of a latent which only others are generated from is 0.
    const { gradients } = gradientsOf(values, (at) => {
      const decoded = mean(at);
      return { loss: tf.sum<Scalar>(tf.mul(decoded, rademacher(noise.fork(`${k}`), decoded))), keep: {} };
    });
    return tf.addN(Object.values(gradients).map((gradient): Scalar => tf.sum(tf.square(gradient)))) as Scalar;
  });
  return tf.div<Scalar>(tf.addN(squares), probes * batch.index.shape[0]!);
};

export const decoderGradientPenalty = defineRegularizer({
  schema: {
    type: "object",
    title: "squared norm of the decoder's gradient in the codes",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: NAME },
      weight: WEIGHT,
      probes: {
        type: "integer",
        minimum: 1,
        maximum: 100,
        default: 1,
        description: "Random vectors that estimate the norm; each costs a pass through the decoder and back",
      },
    },
  },
  formula: "E_x |d E[x | z] / dz|_F^2 at z ~ q(z | x), estimated by E_v |J' v|^2, v uniform on {-1, 1}^n",
  source: "Ghosh et al. 2020, section 3.1 (RAE-GP); the estimate: Hutchinson 1990",
  requires: () => [MOVES_DRAWS],
  create: ({ weight, probes }) => ({ weight, penalty: (step) => squaredJacobian(step, probes) }),
});
