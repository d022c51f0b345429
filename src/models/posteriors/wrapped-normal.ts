/**
 * q(z | x) = the wrapped normal around m(x) on the Poincaré ball: the tangent vector of m(x) and the log-scales are dense layers of the
 * features, smoothly kept to what float32 can hold: centers within 6 of the origin, scales below 5 / sqrt(D). A latent [..., D] is a
 * product of balls. The KL is estimated from draws.
 */
import { wrappedNormalOf } from "../../distributions/ball/wrapped-normal.js";
import { definePosterior } from "../../spec/define.js";
import { featureOutputs } from "./feature-outputs.js";

export const wrappedNormal = definePosterior({
  schema: {
    type: "object",
    title: "wrapped normal, on the Poincaré ball",
    description:
      "Points of the unit ball with hyperbolic distances of curvature -1. The scale of the prior takes the place of another curvature.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "wrapped-normal" } },
  },
  formula: "z = exp_m(PT_{0 -> m}(v)), v ~ N(0, diag exp(2 l(x))), m = exp_0(W h(x) + b), both bounded",
  source: "Nagano et al. 2019, algorithm 1; on the ball: Mathieu et al. 2019, section 3",
  capabilities: () => ["density", "evaluable", "reparameterized"],
  family: () => "wrapped-normal",
  support: () => "ball",
  create: (_, { latent, ...context }) => {
    const output = featureOutputs(context);
    const [location, logScale] = [output("location", latent), output("log-scale", latent)];
    return { at: (maps) => wrappedNormalOf(location(maps), logScale(maps), latent.length) };
  },
});
