/**
 * p(z) = prod_d Gamma(z_d; k, b), positive numbers; below concentration 1, most are near 0. If conditioned, the logarithms of mean and
 * concentration come from a network of the parents; they begin at these values.
 */
import { Gamma } from "../distributions/gamma.js";
import { definePrior } from "../spec/define.js";
import { CONDITIONED, elementParameters } from "./conditioned.js";

export const gamma = definePrior({
  schema: {
    type: "object",
    title: "gamma, of positive numbers",
    description:
      "Positive numbers, with most near 0 where the concentration is below 1. If conditioned, mean and concentration come from a network of its parents.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "gamma" },
      concentration: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1,
        description: "Concentration k of every dimension; the initial one if conditioned",
      },
      rate: {
        type: "number",
        exclusiveMinimum: 0,
        default: 1,
        description: "Rate b of every dimension, whose mean is k / b; the initial one if conditioned",
      },
      ...CONDITIONED,
    },
  },
  formula:
    "p(z) = prod_d b^k z_d^(k - 1) exp(-b z_d) / Gamma(k); conditioned on c: mean k / b exp(l(c)), concentration k exp(s(c))",
  source: "Johnson, Kotz & Balakrishnan 1994, chapter 17; over latents: Ranganath et al. 2015",
  capabilities: () => ["density", "factorized", "conditional"],
  family: () => "gamma",
  support: () => "positive",
  create: ({ concentration, rate, ...network }, context) => {
    const initial = { "log-mean": Math.log(concentration / rate), "log-concentration": Math.log(concentration) };
    const read = elementParameters(initial, network, context);
    return {
      at: (call) => {
        const { "log-mean": logMean, "log-concentration": logConcentration } = read(call);
        return new Gamma(logMean, logConcentration, context.latent.length);
      },
    };
  },
});
