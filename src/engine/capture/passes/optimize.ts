/** Rewrites a recorded tape to do the same with fewer kernels. */

import type { Tape } from "../tape/tape.js";
import { type FuseOptions, fuse } from "./fuse.js";
import { groupUpdates } from "./group-updates.js";
import { simplify } from "./simplify.js";

/** Fusion leaves reshapes around matrices, so simplify once more. */
export const optimize = (tape: Tape, options: FuseOptions): Tape => {
  const shortened = simplify(fuse(simplify(tape, options), options), options);
  return options.ownKernels ? groupUpdates(shortened) : shortened;
};
