/**
 * DIP-VAE-I: the covariance C = Cov_x E[z | x] of the posterior means over the batch is moved towards the identity,
 *
 *     sum_{i != j} C_ij^2 + diagonal sum_i (C_ii - 1)^2
 *
 * The weight is the paper's lambda_od, `diagonal` its lambda_d / lambda_od. The covariance is over the examples of a batch, so the
 * batch has to be larger than the number of dimensions for C to be able to reach the identity.
 */
import { defineRegularizer } from "../../spec/define.js";

import { COVARIANCE_FIGURES, covarianceOfMeans, diagonalField, distanceToIdentity } from "./code-moments.js";
import { WEIGHT } from "./weight.js";

export const dipI = defineRegularizer({
  schema: {
    type: "object",
    title: "distance of the covariance of posterior means from the identity",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "dip-i" }, weight: WEIGHT, diagonal: diagonalField(10) },
  },
  formula: "sum_{i != j} C_ij^2 + diagonal sum_i (C_ii - 1)^2, C = Cov_x E[z | x]",
  source: "Kumar, Sattigeri & Balakrishnan 2018, eq. 6; diagonal 10: Locatello et al. 2019, table 2",
  requires: () => [
    {
      kind: "posterior",
      capability: "mean",
      reason: "The covariance of the posterior means is needed: choose diagonal-gaussian",
    },
  ],
  create: ({ weight, diagonal }) => ({
    weight,
    figures: COVARIANCE_FIGURES,
    penalty: (step) => distanceToIdentity(covarianceOfMeans(step), diagonal),
  }),
});
