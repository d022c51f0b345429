/**
 * q(z | x) = vMF(m(x), k(x)) on the unit sphere: direction and concentration are dense layers of the features. A latent [..., D] is a
 * product of spheres in R^D, each with a concentration of its own.
 */
import { VonMisesFisher } from "../../distributions/sphere/von-mises-fisher.js";
import { definePosterior } from "../../spec/define.js";
import { refusesSphere, sphereOutputs } from "./sphere-outputs.js";

export const vonMisesFisher = definePosterior({
  schema: {
    type: "object",
    title: "von Mises-Fisher, on a sphere",
    description:
      "Unit vectors around a direction; the last axis of the latent has the dimensions of the space around the sphere.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "von-mises-fisher" } },
  },
  formula: "q(z | x) proportional to exp(k(x) m(x)' z), |z| = |m(x)| = 1, k(x) = D softplus(w' h(x) + b)",
  source: "Davidson et al. 2018; rejection: Wood 1994; gradients: Figurnov, Mohamed & Mnih 2018",
  capabilities: () => ["density", "evaluable", "reparameterized"],
  family: () => "von-mises-fisher",
  support: () => "sphere",
  refusesShape: refusesSphere,
  create: (_, context) => {
    const outputs = sphereOutputs(context);
    return {
      at: (maps) => {
        const { direction, concentration } = outputs(maps);
        return new VonMisesFisher(direction, concentration, context.latent.length);
      },
    };
  },
});
