/** The slot of every optimizer's step size. At a constant 0 nothing is learned, so that is refused; a schedule may pass through 0. */
export const learningRateField = <const Value extends number>(value: Value) =>
  ({
    type: "object",
    component: "schedule",
    properties: { value: { type: "number", exclusiveMinimum: 0 } },
    default: { type: "constant", value },
    description: "Step size: a number or a schedule",
  }) as const;
