/** The learning-rate slot of every optimizer. A constant 0 learns nothing and is refused; a schedule may pass through 0. */
export const learningRateField = <const Value extends number>(value: Value) =>
  ({
    type: "object",
    component: "schedule",
    role: "learning-rate",
    properties: { value: { type: "number", exclusiveMinimum: 0 } },
    default: { type: "constant", value },
    description: "Step size: a number or a schedule",
  }) as const;
