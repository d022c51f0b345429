/** The field that every regularizer has. */
export const WEIGHT = {
  type: "object",
  component: "schedule",
  role: "weight",
  default: { type: "constant", value: 1 },
  description: "Weight of the penalty in the loss",
} as const;
