/** The fields that relaxed posteriors share, and what they are in training. */
import type { ResolvedFields } from "../../contracts/kinds.js";
import { VaelabError } from "../../errors.js";

export const RELAXATION = {
  temperature: {
    type: "object",
    component: "schedule",
    role: "temperature",
    default: { type: "constant", value: 0.5 },
    description: "Temperature of the draws in training; near 0 they are nearly discrete, and their gradients vary more",
  },
  straightThrough: {
    type: "boolean",
    default: false,
    description: "In training: discrete draws, with the gradient of the relaxed ones",
  },
  rate: {
    enum: ["discrete", "relaxed"],
    default: "discrete",
    description:
      "The KL in training: of the discrete distributions, in closed form, or of the relaxed ones at the same temperature, from draws",
  },
} as const;

/** Values of a schedule that are written as plain numbers. */
const VALUES = ["value", "initial", "final"];

/** @throws SPEC_COMBINATION at a temperature that is not positive, or a rate that straight-through draws do not have */
export const checkedRelaxation = (fields: ResolvedFields): ResolvedFields => {
  const { rate, straightThrough } = fields;
  const temperature = fields.temperature as ResolvedFields;
  const bad = VALUES.find((key) => typeof temperature[key] === "number" && !((temperature[key] as number) > 0));
  if (bad !== undefined)
    throw new VaelabError("SPEC_COMBINATION", {
      message: `a temperature must be positive, and "${bad}" is ${temperature[bad]}`,
      remedy: "Use values such as 1 to 0.5.",
    });
  if (straightThrough === true && rate === "relaxed")
    throw new VaelabError("SPEC_COMBINATION", {
      message: '"straightThrough" draws are discrete, and have no relaxed density',
      remedy: 'Set "rate" to "discrete", or "straightThrough" to false.',
    });
  return fields;
};
