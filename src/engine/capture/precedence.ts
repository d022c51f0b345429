/**
 * Which of two products that become ready together goes first. TensorFlow starts them in no order of use; where a layer's gradient
 * by its weights goes first, which only the optimizer waits for, the gradient by its inputs is late, and with it all layers below.
 */
import { liveEntries } from "./live.js";
import { type OpEntry, sourcesOf, type Tape } from "./tape.js";

const PRODUCTS = new Set([
  "MatMul",
  "_FusedMatMul",
  "BatchMatMulV2",
  "Conv2D",
  "Conv2DBackpropInput",
  "Conv2DBackpropFilter",
]);

/** By the number of a product that ends a path, the last product of a value of its that has others after it: it goes first. */
export const precedences = (tape: Tape): ReadonlyMap<number, number> => {
  const live = liveEntries(tape);
  const isProduct = (at: number): boolean => {
    const entry = tape.entries[at]!;
    return entry.kind === "op" && PRODUCTS.has(entry.op) && live.has(at);
  };
  /** Entries from which a product can still be reached. */
  const leads = new Set<number>();
  for (let at = tape.entries.length - 1; at >= 0; at--)
    if (live.has(at) && (isProduct(at) || leads.has(at)))
      for (const { entry } of sourcesOf(tape.entries[at]!)) leads.add(entry);

  const first = new Map<number, number>();
  const together = new Map<string, number[]>();
  for (let at = 0; at < tape.entries.length; at++) {
    if (!isProduct(at)) continue;
    for (const { entry, output } of (tape.entries[at] as OpEntry).inputs) {
      const key = `${entry}:${output}`;
      together.set(key, [...(together.get(key) ?? []), at]);
    }
  }
  for (const products of together.values()) {
    const ahead = products.findLast((at) => leads.has(at));
    if (ahead === undefined) continue;
    for (const at of products) if (!leads.has(at)) first.set(at, Math.max(ahead, first.get(at) ?? 0));
  }
  return first;
};
