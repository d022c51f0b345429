/**
 * q(z|x) = the mixture, in equal parts, of the products of Gaussian experts over all nonempty subsets of the fields that the example has:
 * each feature map of the encoder has an expert. Without any field q is N(0, I). Draws are stratified over the subsets.
 */
import { VaelabError } from "../../errors.js";
import { definePosterior } from "../../spec/define.js";
import { gaussianExperts, mixtureOf } from "./gaussian-experts.js";

/** 63 subsets. */
const MOST_EXPERTS = 6;

/** All but the empty one. */
const subsetsOf = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: 2 ** all.length - 1 }, (_, i) => all.filter((__, j) => ((i + 1) >> j) & 1));

export const mixtureOfProducts = definePosterior({
  schema: {
    type: "object",
    title: "mixture of products of Gaussian experts",
    description:
      "One diagonal Gaussian for each feature map of the encoder, so for each field of a by-field encoder; their products over all subsets of up to 6 fields, in equal parts. Subsets with a field that an example lacks drop out.",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "mixture-of-products" } },
  },
  formula:
    "q(z | x) = 1/K sum_k q_k(z), q_k proportional to prod_{i in S_k} N(z; m_i(x_i), diag exp(l_i(x_i))), over the K subsets S_k that are there",
  source: "Sutter, Daunhawer & Vogt 2021, definition 1",
  capabilities: () => ["density", "evaluable", "mean", "reparameterized", "partial"],
  create: (_, context) => {
    const count = Object.keys(context.features).length;
    if (count > MOST_EXPERTS)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `the posterior "mixture-of-products" has ${count} experts, so ${2 ** count - 1} subsets of them`,
        remedy: `At most ${MOST_EXPERTS} fit; product-of-experts takes any number.`,
      });
    const experts = gaussianExperts(context);
    return { at: (maps, { observed }) => mixtureOf(subsetsOf(experts(maps, observed)), context.latent.length) };
  },
});
