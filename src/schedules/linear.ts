/** `initial` until step `after`, then linearly to `final` within `steps` steps, and constant afterwards. */
import { defineSchedule } from "../spec/define.js";
import { ramp, rampDuration, rampFields } from "./ramp.js";

export const linear = defineSchedule({
  schema: {
    type: "object",
    title: "linear",
    required: ["type", "final"],
    additionalProperties: false,
    properties: { type: { const: "linear" }, ...rampFields },
  },
  formula: "f(u) = initial + (final - initial) u, u the fraction of steps done",
  source: "warm-up of the KL: Bowman et al. 2016; Sønderby et al. 2016",
  duration: rampDuration,
  create: (fields, context) => ramp(fields, context, (part) => part),
});
