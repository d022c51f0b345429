/** Plugins and the specs that name them, as text. */
import { least } from "./definitions.js";

/** A prior as a plugin writes it without vaelab's types. */
export const prior = (name: string, extra = ""): string => `{
  kind: "prior",
  schema: { type: "object", required: ["type"], additionalProperties: false,
    properties: { type: { const: "${name}" }, scale: { type: "number", default: 2 } } },
  create: () => ({ at() { throw new Error("unused"); } }), ${extra} }`;
export const using = (plugin: string | string[], type = "laplace", more: object = {}) => ({
  ...least,
  model: { ...least.model, prior: type },
  plugins: [plugin].flat(),
  ...more,
});
