/** The inverse dispersion r of a negative binomial: fixed, learned or predicted. */
import { initialRefusal, LEARN, type PositiveParameter } from "./positive-parameter.js";

/** The schema's fields of a likelihood with an inverse dispersion. */
export const DISPERSION = {
  inverseDispersion: {
    type: "number",
    exclusiveMinimum: 0,
    default: 1,
    description:
      "Inverse dispersion r, or its initial value if it is learned or predicted: the variance is m + m^2 / r for the mean m",
  },
  learn: {
    enum: LEARN,
    default: "element",
    description:
      "Learned inverse dispersion: none, one shared by all elements, one per element, or one per element that the decoder predicts from z",
  },
  floor: {
    type: "number",
    exclusiveMinimum: 0,
    default: 0.001,
    description: "Lower bound of a learned or predicted inverse dispersion",
  },
} as const;

export interface DispersionFields extends Pick<PositiveParameter, "learn" | "floor"> {
  inverseDispersion: number;
}

export const inverseDispersionOf = ({ inverseDispersion, learn, floor }: DispersionFields): PositiveParameter => ({
  name: "inverseDispersion",
  initial: inverseDispersion,
  learn,
  floor,
});

/** Reason to refuse the initial value of a learned inverse dispersion; undefined if it lies above the floor. */
export const dispersionRefusal = (fields: Readonly<Record<string, unknown>>): string | undefined =>
  initialRefusal("inverseDispersion", fields);
