/**
 * A network for each of several fields, whose feature map has the name of the field: for posteriors that combine what each field says.
 * Other posteriors read "features", all of these maps side by side. Fields without a network of their own, such as conditions, are shown to
 * all networks.
 */
import type { Encoder } from "../../contracts/encoder.js";
import { VaelabError } from "../../errors.js";
import { forkCall } from "../../inference/call.js";
import { sideBySide, sizeSideBySide } from "../../nn/index.js";
import { mapValues } from "../../numerics/records.js";
import { defineEncoder } from "../../spec/define.js";
import type { Tensor } from "../../tensor/tensor.js";

const featuresOf = <T>(field: string, maps: Readonly<Record<string, T>>): T => {
  const found = maps.features;
  if (found !== undefined) return found;
  throw new VaelabError("CONTRACT", { message: `the encoder of the field "${field}" provides no "features" output` });
};

export const byField = defineEncoder({
  schema: {
    type: "object",
    title: "one network for each field",
    description:
      "Its feature maps have the names of the fields: product-of-experts and mixtures of experts read them. Other posteriors read all of them side by side.",
    required: ["type", "encoders"],
    additionalProperties: false,
    properties: {
      type: { const: "by-field" },
      encoders: {
        type: "object",
        minProperties: 1,
        additionalProperties: { type: "object", component: "encoder", deferred: true },
        description: "Networks by the field that each sees; fields without one are shown to all of them",
      },
    },
  },
  source: "Wu & Goodman 2018, section 2.2",
  capabilities: ({ encoders }) => Object.keys(encoders as object).map((field) => `sees/${field}` as const),
  slotField: (slot, _, fields) => fields[slot.replace(/^encoders\//, "")],
  create: async ({ encoders }, { inputs }) => {
    const unknown = Object.keys(encoders).find((field) => !Object.hasOwn(inputs, field));
    if (unknown !== undefined)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `the encoder sees no field "${unknown}"; it sees "${Object.keys(inputs).join('", "')}"`,
        where: "/model/encoder/encoders",
        remedy: 'Name it in "model.outputs", or remove its network.',
      });
    if (Object.hasOwn(encoders, "features"))
      throw new VaelabError("SPEC_COMBINATION", {
        message: `a field called "features" cannot have a network of its own: the map of all fields has that name`,
        where: "/model/encoder/encoders/features",
        remedy: "Rename the field in the data.",
      });
    const shared = Object.keys(inputs).filter((field) => !Object.hasOwn(encoders, field));
    const seenBy = <T>(field: string, values: Readonly<Record<string, T>>): Record<string, T> =>
      Object.fromEntries([field, ...shared].map((name) => [name, values[name]!]));
    const networks: Record<string, Encoder> = {};
    for (const [field, build] of Object.entries(encoders))
      networks[field] = await build({ inputs: seenBy(field, inputs) });
    const shapes = mapValues(networks, ({ features }, field) => featuresOf(field, features));
    return {
      features: { ...shapes, features: [sizeSideBySide(shapes)] },
      encode: (fields, call) => {
        const maps = mapValues(networks, (network, field): Tensor => {
          const own = network.encode(seenBy(field, fields), forkCall(call, `encode ${field}`));
          return featuresOf(field, own);
        });
        return { ...maps, features: sideBySide(maps, shapes).flat };
      },
    };
  },
});
