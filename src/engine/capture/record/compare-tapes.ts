/**
 * Two recordings of one computation, on inputs that differ in every value, must agree in ops, attributes, wiring and
 * constants. If they differ, JavaScript computed a value that a graph would freeze.
 */

import { type Entry, sourcesOf, type Tape } from "../tape/tape.js";
import { type Difference, ownerOf } from "./refusal.js";

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const isSame = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return bytesOf(a).equals(bytesOf(b));
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
};

const opOf = (entry: Entry): string => {
  switch (entry.kind) {
    case "op":
    case "update":
      return entry.op;
    default:
      return entry.kind;
  }
};

/** The parts of an entry that must agree; its place in the code may differ. */
const contentOf = ({ origin: _origin, owner: _owner, ...content }: Entry): object => content;

const sizeOf = (entry: Entry): string => ("shape" in entry ? `of shape [${entry.shape}]` : "");

export const compareTapes = (first: Tape, second: Tape): Difference[] => {
  const differences: Difference[] = [];
  /** The op that uses entry `index`; that is the one its author wrote. */
  const userOf = (index: number): Entry =>
    first.entries.find((entry) => sourcesOf(entry).some((source) => source.entry === index)) ?? first.entries[index]!;
  const differ = (entry: Entry, what: string): void => {
    differences.push({ op: opOf(entry), what, owner: ownerOf(entry) });
  };

  const length = Math.max(first.entries.length, second.entries.length);
  for (let i = 0; i < length; i++) {
    const a = first.entries[i];
    const b = second.entries[i];
    if (!a || !b) {
      differ((a ?? b)!, "is there at one call and missing at the next");
      return differences;
    }
    if (a.kind === "constant" && b.kind === "constant") {
      const sameType = a.dtype === b.dtype && isSame(a.shape, b.shape);
      if (!sameType || !isSame(a.values, b.values))
        differ(userOf(i), `takes a value ${sizeOf(a)} that JavaScript makes anew at each call`);
      continue;
    }
    if (a.kind !== b.kind || opOf(a) !== opOf(b)) {
      differ(a, `stands where the next call has ${opOf(b)}`);
      return differences;
    }
    if (a.kind === "op" && b.kind === "op" && !isSame(a.attributes, b.attributes))
      differ(a, "has attributes that change from call to call");
    else if (!isSame(contentOf(a), contentOf(b))) differ(a, "takes other inputs at each call");
  }
  const outputs = new Set([...Object.keys(first.outputs), ...Object.keys(second.outputs)]);
  for (const name of outputs)
    if (!isSame(first.outputs[name], second.outputs[name]))
      differences.push({
        op: `the output "${name}"`,
        what: "changes its place from call to call",
        owner: "the program",
      });
  return differences;
};
