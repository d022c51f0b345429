/**
 * q(z | x) as a normalizing flow: a draw of the base posterior passes through bijections, each conditioned on the encoder's features.
 * A draw is scored on its way: ln q(z_K) = ln q_0(z_0) - sum_k ln |det df_k / dz_{k-1}|. KL(q || p) is estimated from draws.
 */
import { Flow } from "../../distributions/flow.js";
import { definePosterior } from "../../spec/define.js";

export const flow = definePosterior({
  schema: {
    type: "object",
    title: "normalizing flow",
    description: "Bijections over another posterior. The KL is estimated from draws.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "flow" },
      base: {
        type: "object",
        component: "posterior",
        default: { type: "diagonal-gaussian" },
        description: "Posterior whose draws are transformed",
      },
      layers: {
        type: "array",
        items: { type: "object", component: "bijection" },
        minItems: 1,
        default: [{ type: "planar" }, { type: "planar" }, { type: "planar" }, { type: "planar" }],
        description: "Bijections, from the base on",
      },
    },
  },
  formula: "z = f_K(... f_1(z_0)), ln q(z | x) = ln q_0(z_0 | x) - sum_k ln |det df_k|",
  source: "Rezende & Mohamed 2015, equations 6 and 7",
  capabilities: (_, slots) => [
    ...(slots.all("posterior", "density") ? (["density"] as const) : []),
    ...(slots.all("posterior", "evaluable") && slots.all("bijection", "invertible") ? (["evaluable"] as const) : []),
    "reparameterized",
  ],
  requires: () => [
    {
      kind: "posterior",
      capability: "reparameterized",
      within: "slots",
      reason: "A flow moves draws that have a gradient: use a base such as diagonal-gaussian",
    },
  ],
  create: ({ base, layers }) => ({
    at: (maps, context) => {
      const { call } = context;
      const { features } = maps;
      const transforms = layers.map((layer) => layer.at({ call, ...(features && { features }) }));
      return new Flow(base.at(maps, context), transforms);
    },
  }),
});
