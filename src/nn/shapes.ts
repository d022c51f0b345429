/** Requirements of layers on the shape of one example, with refusals as half a sentence. */
import { VaelabError } from "../errors.js";
import type { Shape } from "../tensor/fields.js";

/** @throws SPEC_COMBINATION always: "it " + why + what would do */
export const unfit = (why: string, remedy?: string): never => {
  throw new VaelabError("SPEC_COMBINATION", { message: `it ${why}`, ...(remedy !== undefined && { remedy }) });
};

/** [height, width, channels]. */
export const mapsOf = (input: Shape): [number, number, number] => {
  const [height, width, channels] = input;
  if (input.length !== 3 || height === undefined || width === undefined || channels === undefined)
    return unfit("needs maps [height, width, channels]", "Put a reshape to three numbers before it.");
  return [height, width, channels];
};

/** [length, channels]. */
export const sequenceOf = (input: Shape): [number, number] => {
  const [length, channels] = input;
  if (input.length !== 2 || length === undefined || channels === undefined)
    return unfit("needs a sequence [length, channels]", "Put a reshape to two numbers before it.");
  return [length, channels];
};

/** [units]. */
export const unitsOf = (input: Shape): number => {
  const [units] = input;
  if (input.length !== 1 || units === undefined) return unfit("needs [units]", "Put a flatten before it.");
  return units;
};

/** The last axis of any shape but []. */
export const channelsOf = (input: Shape): number => input.at(-1) ?? unfit("needs a shape with at least one axis");
