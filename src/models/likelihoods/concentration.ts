/** The concentration of a likelihood around its mean: fixed, learned or predicted. */
import { initialRefusal, LEARN, type PositiveParameter } from "./positive-parameter.js";

/** The schema's fields of a likelihood with a concentration. */
export const CONCENTRATION = {
  concentration: {
    type: "number",
    exclusiveMinimum: 0,
    default: 10,
    description:
      "Concentration, or its initial value if it is learned or predicted: the larger, the smaller the variance",
  },
  learn: {
    enum: LEARN,
    default: "shared",
    description:
      "Learned concentration: none, one shared by all elements, one per element, or one per element that the decoder predicts from z",
  },
  floor: {
    type: "number",
    exclusiveMinimum: 0,
    default: 0.1,
    description: "Lower bound of a learned or predicted concentration",
  },
} as const;

export interface ConcentrationFields extends Pick<PositiveParameter, "learn" | "floor"> {
  concentration: number;
}

export const concentrationOf = ({ concentration, learn, floor }: ConcentrationFields): PositiveParameter => ({
  name: "concentration",
  initial: concentration,
  learn,
  floor,
});

/** Reason to refuse the initial value of a learned concentration; undefined if it lies above the floor. */
export const concentrationRefusal = (fields: Readonly<Record<string, unknown>>): string | undefined =>
  initialRefusal("concentration", fields);
