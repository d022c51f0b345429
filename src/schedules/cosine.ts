/**
 * `initial` until step `after`, then half a cosine wave to `final`: initial + (final - initial) (1 - cos(pi u)) / 2, u the
 * elapsed fraction of `steps`. It starts and ends slowly.
 */
import { defineSchedule } from "../spec/define.js";
import { ramp, rampDuration, rampFields } from "./ramp.js";

export const cosine = defineSchedule({
  schema: {
    type: "object",
    title: "cosine",
    required: ["type", "final"],
    additionalProperties: false,
    properties: { type: { const: "cosine" }, ...rampFields },
  },
  formula: "f(u) = initial + (final - initial) (1 - cos(pi u)) / 2, u the fraction of steps done",
  source: "Loshchilov & Hutter 2017 (SGDR), equation 5, without restarts",
  duration: rampDuration,
  create: (fields, context) => ramp(fields, context, (part) => (1 - Math.cos(Math.PI * part)) / 2),
});
