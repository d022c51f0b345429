/** A native session: a graph loaded once, called with fed tensors, read by name. Its variables live as long as it does. */
import type { Slot, Values } from "../../native/session-addon.js";

/** What is fed and fetched, of one kind of call. */
export interface Signature {
  feeds: readonly Slot[];
  /** As "node:output". */
  fetches: readonly string[];
  /** How many threads run it, the calling one among them. */
  threads: number;
}

export interface Session {
  /** @param values one for each feed; TensorFlow may read them in place, so that nothing in the graph may keep them. */
  run(signature: Signature, values: readonly Values[]): Values[];
  /** Sets variables to copies of the values. */
  write(variables: readonly Slot[], values: readonly Values[]): void;
  read(variables: readonly Slot[]): Values[];
  dispose(): void;
}
