/**
 * p(z) = the wrapped normal around the origin of the Poincaré ball, with one scale. If conditioned, the tangent vector of its center and
 * the log-scales come from a network of the parents; it begins at the origin and this scale.
 */
import { beforeBound, tooWide, WrappedNormal, wrappedNormalOf } from "../distributions/ball/wrapped-normal.js";
import { definePrior } from "../spec/define.js";
import { tf } from "../tensor/tensor.js";
import { CONDITIONED, locationAndScale } from "./conditioned.js";

export const wrappedNormal = definePrior({
  schema: {
    type: "object",
    title: "wrapped normal, on the Poincaré ball",
    description:
      "Points of the unit ball with hyperbolic distances of curvature -1. If conditioned, center and scales come from a network of its parents.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "wrapped-normal" },
      scale: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1,
        description:
          "Standard deviation in the tangent space at the center; the initial one if conditioned. Scale s at curvature -1 is scale 1 at curvature -s^2",
      },
      ...CONDITIONED,
    },
  },
  formula: "z = exp_m(PT_{0 -> m}(v)), v ~ N(0, s^2 I), m = 0; conditioned on c: m = exp_0(a(c)), scales s exp(l(c))",
  source: "Nagano et al. 2019, algorithm 1; on the ball: Mathieu et al. 2019, section 3",
  capabilities: () => ["density", "conditional", "fixed"],
  family: () => "wrapped-normal",
  support: () => "ball",
  refusesShape: ({ scale }, latent) => tooWide(Number(scale), latent.at(-1)!),
  create: ({ scale, ...network }, context) => {
    const { latent, parents = {} } = context;
    const dimensions = latent.at(-1)!;
    if (Object.keys(parents).length === 0)
      return {
        at: () => new WrappedNormal(tf.zeros([...latent]), tf.fill([...latent], Math.log(scale)), latent.length),
      };
    const parts = locationAndScale({ ...network, logScale: beforeBound(Math.log(scale), dimensions) }, context);
    return {
      at: (call) => {
        const { location, logScale } = parts(call);
        return wrappedNormalOf(location, logScale, latent.length);
      },
    };
  },
});
