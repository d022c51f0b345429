/** A constant value. A plain number in a spec means this. */
import { defineSchedule } from "../spec/define.js";

export const constant = defineSchedule({
  schema: {
    type: "object",
    title: "constant",
    required: ["type", "value"],
    additionalProperties: false,
    properties: {
      type: { const: "constant" },
      value: { type: "number", minimum: 0, description: "Value at every step" },
    },
  },
  formula: "f(t) = value",
  source: "definition",
  duration: () => 0,
  create: ({ value }) => ({ at: () => value, final: value, end: 0 }),
});
