/**
 * The Hamiltonian VAE: draws of a diagonal Gaussian that follow tempered Hamiltonian dynamics toward the true posterior. Each step
 * asks for the gradient of ln p(x, z), and training differentiates through all of them.
 */
import { leapfrog } from "../../distributions/hamiltonian.js";
import { definePosterior } from "../../spec/define.js";
import { stepSizeOf, TEMPERED, temperedDraws } from "./tempered.js";

export const hamiltonian = definePosterior({
  schema: {
    type: "object",
    title: "Hamiltonian dynamics from a diagonal Gaussian",
    description:
      "The KL is estimated from draws, in the space of positions and momenta, and so is an upper bound on that of z.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "hamiltonian" },
      ...TEMPERED,
      stepSize: stepSizeOf(0.05),
    },
  },
  formula:
    "z_0 ~ N(m(x), diag exp(l(x))), rho_0 ~ N(0, I / b_0), K leapfrog steps under -ln p(x, z), rho <- sqrt(b_{k-1} / b_k) rho\nln q = ln q_0(z_0) + ln N(sqrt(b_0) rho_0; 0, I) - ln N(rho_K; 0, I)",
  source: "Caterini, Doucet & Sejdinovic 2018, algorithm 1, with its quadratic tempering",
  capabilities: () => ["density", "reparameterized", "joint"],
  create: (fields, context) => {
    const { draws } = temperedDraws(fields, context);
    return { at: (maps, call) => draws(maps, call, leapfrog) };
  },
});
