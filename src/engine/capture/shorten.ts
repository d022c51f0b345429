/** A recorded tape as one that says the same in fewer kernels. */
import { type FuseOptions, fuse } from "./fuse.js";
import { simplify } from "./simplify.js";
import type { Tape } from "./tape.js";

/** Fused kernels take matrices and leave reshapes, which are then simplified in their turn. */
export const shorten = (tape: Tape, options: FuseOptions): Tape =>
  simplify(fuse(simplify(tape, options), options), options);
