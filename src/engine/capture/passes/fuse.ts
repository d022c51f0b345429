/**
 * Fuses ops that one kernel can compute together. Each rule looks at the whole tape and plans replacements of ops; ops
 * without users are then left out of the graph.
 */

import { rewriteTape, type Types, Writer } from "../tape/rewrite.js";
import type { Tape } from "../tape/tape.js";
import { fusedBernoullis } from "./fuse-bernoulli.js";
import { fusedNorms } from "./fuse-norms.js";
import { fusedProducts } from "./fuse-products.js";
import { type Plan, Recorded } from "./fusion-plan.js";

export interface FuseOptions extends Types {
  /** Whether vaelab's own kernels are available. */
  ownKernels: boolean;
}

export const fuse = (tape: Tape, options: FuseOptions): Tape => {
  const recorded = new Recorded(tape, options);
  const plan: Plan = new Map([
    ...fusedProducts(recorded, options),
    ...(options.ownKernels ? [...fusedBernoullis(recorded), ...fusedNorms(recorded, options.float)] : []),
  ]);
  const writer = new Writer(options);
  return rewriteTape(tape, writer, (entry, at, now) => plan.get(at)?.(writer, now) ?? writer.put(entry));
};
