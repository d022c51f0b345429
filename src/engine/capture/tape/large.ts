import { type Shape, sizeOf } from "../../../tensor/fields.js";

/** From this many elements on, running a kernel takes longer than starting it. */
const LARGE = 2 ** 14;

/** Whether a tensor should be processed at once, while it is in the cache. Small tensors are processed together. */
export const isLarge = (shape: Shape): boolean => sizeOf(shape) >= LARGE;
