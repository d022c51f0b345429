/**
 * A native session: a graph that is loaded once, called with fed tensors and read by name. Its variables live as long as the
 * session.
 */
import type { Slot, Values } from "../../native/session-addon.js";

/** Feeds and fetches of one kind of call. */
export interface Signature {
  feeds: readonly Slot[];
  /** As "node:output". */
  fetches: readonly string[];
  /** Number of threads, including the calling one. */
  threads: number;
}

export interface Session {
  /** @param values one for each feed. TensorFlow may read them in place, so nothing in the graph may keep them. */
  run(signature: Signature, values: readonly Values[]): Values[];
  /** Sets variables to copies of the values. */
  write(variables: readonly Slot[], values: readonly Values[]): void;
  read(variables: readonly Slot[]): Values[];
  dispose(): void;
}
