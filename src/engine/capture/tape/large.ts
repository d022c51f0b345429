import { type Shape, sizeOf } from "../../../tensor/fields.js";

/** Elements from which on a kernel takes longer than it takes to start it. */
const LARGE = 2 ** 14;

/** Whether a tensor is better worked on as soon as it is there, while the cache has it; small ones are several at once. */
export const isLarge = (shape: Shape): boolean => sizeOf(shape) >= LARGE;
