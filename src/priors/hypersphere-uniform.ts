/** p(z): all directions alike, on the unit sphere in R^D. A latent [..., D] is a product of spheres. It has no parameters. */
import { HypersphereUniform } from "../distributions/sphere/hypersphere-uniform.js";
import { definePrior } from "../spec/define.js";

export const hypersphereUniform = definePrior({
  schema: {
    type: "object",
    title: "uniform on a sphere",
    description: "Unit vectors, all directions alike.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "hypersphere-uniform" } },
  },
  formula: "p(z) = Gamma(D / 2) / (2 pi^(D / 2)), |z| = 1",
  source: "Davidson et al. 2018, section 3.2",
  capabilities: () => ["density", "fixed"],
  family: () => "hypersphere-uniform",
  support: () => "sphere",
  create: (_, { latent }) => ({ at: () => new HypersphereUniform(latent) }),
});
