/**
 * q(z | x) = power spherical(m(x), k(x)) on the unit sphere: direction and concentration are dense layers of the features. It is like
 * von Mises-Fisher, with a normalizer of gamma functions and draws without rejection of directions.
 */
import { PowerSpherical } from "../../distributions/sphere/power-spherical.js";
import { definePosterior } from "../../spec/define.js";
import { refusesSphere, sphereOutputs } from "./sphere-outputs.js";

export const powerSpherical = definePosterior({
  schema: {
    type: "object",
    title: "power spherical, on a sphere",
    description:
      "Unit vectors around a direction; the last axis of the latent has the dimensions of the space around the sphere.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "power-spherical" } },
  },
  formula: "q(z | x) proportional to (1 + m(x)' z)^k(x), |z| = |m(x)| = 1, k(x) = D softplus(w' h(x) + b)",
  source: "De Cao & Aziz 2020; gradients: Figurnov, Mohamed & Mnih 2018",
  capabilities: () => ["density", "evaluable", "reparameterized"],
  family: () => "power-spherical",
  support: () => "sphere",
  refusesShape: refusesSphere,
  create: (_, context) => {
    const outputs = sphereOutputs(context);
    return {
      at: (maps) => {
        const { direction, concentration } = outputs(maps);
        return new PowerSpherical(direction, concentration, context.latent.length);
      },
    };
  },
});
