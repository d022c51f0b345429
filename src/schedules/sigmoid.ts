/**
 * `initial` until step `after`, then along the logistic function s to `final`, halfway after half of `steps`. With u the
 * elapsed fraction of the steps and k the sharpness, the fraction of the way is
 *
 *     (s(k (u - 1/2)) - s(-k/2)) / (s(k/2) - s(-k/2))  =  (1 + tanh(k (2u - 1) / 4) / tanh(k / 4)) / 2
 *
 * The paper's schedule never reaches its ends; this one is stretched to meet them.
 */
import { defineSchedule } from "../spec/define.js";
import { ramp, rampDuration, rampFields } from "./ramp.js";

export const sigmoid = defineSchedule({
  schema: {
    type: "object",
    title: "sigmoid",
    required: ["type", "final"],
    additionalProperties: false,
    properties: {
      type: { const: "sigmoid" },
      ...rampFields,
      sharpness: {
        type: "number",
        exclusiveMinimum: 0,
        default: 10,
        description: "4 times the slope at the midpoint (k). Near 0 the curve is linear; above 50 it is nearly a step.",
      },
    },
  },
  formula:
    "f(u) = initial + (final - initial) (1 + tanh(k (2u - 1) / 4) / tanh(k / 4)) / 2, u the fraction of steps done",
  source: "Bowman et al. 2016, figure 2",
  duration: rampDuration,
  create: ({ sharpness, ...fields }, context) => {
    const height = Math.tanh(sharpness / 4);
    return ramp(fields, context, (part) => (1 + Math.tanh((sharpness * (2 * part - 1)) / 4) / height) / 2);
  },
});
