/**
 * DIP-VAE-II: the covariance of the aggregate posterior over the batch, C = Cov_x E[z | x] + E_x Cov[z | x], is moved towards the
 * identity,
 *
 *     sum_{i != j} C_ij^2 + diagonal sum_i (C_ii - 1)^2
 *
 * The weight is the paper's lambda_od, `diagonal` its lambda_d / lambda_od.
 */
import { defineRegularizer } from "../../spec/define.js";
import { COVARIANCE_FIGURES, covarianceOfCodes, diagonalField, distanceToIdentity } from "./code-moments.js";
import { WEIGHT } from "./weight.js";

export const dipIi = defineRegularizer({
  schema: {
    type: "object",
    title: "distance of the covariance of the codes from the identity",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "dip-ii" }, weight: WEIGHT, diagonal: diagonalField(1) },
  },
  formula: "sum_{i != j} C_ij^2 + diagonal sum_i (C_ii - 1)^2, C = Cov_x E[z | x] + E_x Cov[z | x]",
  source: "Kumar, Sattigeri & Balakrishnan 2018, eq. 7",
  requires: () => [
    {
      kind: "posterior",
      capability: "mean",
      reason: "The covariance of the posterior means is needed: choose diagonal-gaussian",
    },
    {
      kind: "posterior",
      capability: "factorized",
      reason: "The variance of each dimension is needed: choose diagonal-gaussian, or the regularizer dip-i",
    },
  ],
  create: ({ weight, diagonal }) => ({
    weight,
    figures: COVARIANCE_FIGURES,
    penalty: (step) => distanceToIdentity(covarianceOfCodes(step), diagonal),
  }),
});
