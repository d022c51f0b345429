/**
 * p(z) = prod_d exp(-|z_d| / scale) / (2 scale), which favors codes with few large values. If conditioned, location and log-scale come
 * from a network of the parents; it begins at location 0 and this scale.
 */
import { Laplace } from "../distributions/laplace.js";
import { definePrior } from "../spec/define.js";
import { CONDITIONED, locationAndScale } from "./conditioned.js";

export const laplace = definePrior({
  schema: {
    type: "object",
    title: "Laplace",
    description:
      "Favors codes with few large values. If conditioned, location and scale come from a network of its parents.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "laplace" },
      scale: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1,
        description: "Scale of every dimension, whose variance is 2 scale^2; the initial one if conditioned",
      },
      ...CONDITIONED,
    },
  },
  formula: "p(z) = prod_d exp(-|z_d| / s) / (2 s); conditioned on c: location m(c), scale s exp(l(c))",
  source: "Kotz, Kozubowski & Podgorski 2001, chapter 2",
  capabilities: () => ["density", "factorized", "conditional"],
  family: () => "laplace",
  create: ({ scale, ...network }, context) => {
    const parts = locationAndScale({ ...network, logScale: Math.log(scale) }, context);
    return {
      at: (call) => {
        const { location, logScale } = parts(call);
        return new Laplace(location, logScale, context.latent.length);
      },
    };
  },
});
