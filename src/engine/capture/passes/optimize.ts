/** A recorded tape as one that says the same in fewer kernels. */

import type { Tape } from "../tape/tape.js";
import { type FuseOptions, fuse } from "./fuse.js";
import { groupUpdates } from "./group-updates.js";
import { simplify } from "./simplify.js";

/** Fused kernels take matrices and leave reshapes, which are then simplified in their turn. */
export const optimize = (tape: Tape, options: FuseOptions): Tape => {
  const shortened = simplify(fuse(simplify(tape, options), options), options);
  return options.ownKernels ? groupUpdates(shortened) : shortened;
};
