/** `from` until step `after`, then in a straight line to `to`, reached `steps` steps later and kept. */
import { defineSchedule } from "../core/define.js";

export const linear = defineSchedule({
  schema: {
    type: "object",
    title: "linear",
    required: ["type", "to", "steps"],
    additionalProperties: false,
    properties: {
      type: { const: "linear" },
      from: { type: "number", default: 0, description: "value at the beginning" },
      to: { type: "number", description: "value at the end" },
      steps: { type: "integer", minimum: 1, description: "training steps from `from` to `to`" },
      after: { type: "integer", minimum: 0, default: 0, description: "training steps before it sets out" },
    },
  },
  source: "warm-up of the KL: Bowman et al. 2016; Sønderby et al. 2016",
  duration: ({ steps, after }) => Number(after ?? 0) + Number(steps),
  create: ({ from, to, steps, after }) => ({
    // Weighed, so that both ends are met exactly.
    at: (step) => {
      const done = Math.min(Math.max((step - after) / steps, 0), 1);
      return from * (1 - done) + to * done;
    },
    final: to,
    end: after + steps,
  }),
});
