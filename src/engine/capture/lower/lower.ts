/**
 * A tape as nodes of a graph. Values flow as they were recorded; variables need an order besides:
 *
 *     read ──> users        update ──> read ──> users       assign ──> ...       of one variable
 *        └──────────────────^  └─────────^  └───────────────^
 *
 * A writer waits for the reads of what it replaces, a read for the writer whose value it means. Users of an old value need
 * no such care: while one still holds the buffer, TensorFlow writes to a copy (waiting for them measured no better).
 * Results that nobody reads are left out.
 */

import { VaelabError } from "../../../errors.js";
import { append } from "../../../numerics/lists.js";
import { liveEntries } from "../tape/liveness.js";
import { type Entry, type Source, type Tape, writtenBy } from "../tape/tape.js";
import { fusedNodes } from "./fused-optimizer.js";
import type { Node } from "./graph.js";

export interface LoweringContext {
  /** Prefix of all node names. */
  prefix: string;
  /** The name of a variable's handle node. */
  handle(variable: string): string;
  /** TensorFlow's number of float32. */
  float: number;
  /** The node that provides a fed input: "node" or "node:output". */
  input(name: string): string;
}

export interface Lowered {
  nodes: Node[];
  value(source: Source): string;
  /** "^node" of everything that changes a variable. */
  writers: string[];
  /** The inputs that are used. */
  inputs: string[];
}

/** For each writer, the live entries that must run before it. */
const writersWaitFor = ({ entries }: Tape, live: ReadonlySet<number>): ReadonlyMap<number, readonly number[]> => {
  const version = new Map<string, { writer?: number; read?: number }>();
  const waits = new Map<number, readonly number[]>();
  entries.forEach((entry, i) => {
    if (!live.has(i)) return;
    if (entry.kind === "read") {
      const { after } = entry;
      version.set(entry.variable, { read: i, ...(after !== undefined && { writer: after }) });
    }
    const before = new Set<number>();
    for (const variable of writtenBy(entry)) {
      const { writer, read } = version.get(variable) ?? {};
      if (writer !== undefined) before.add(writer);
      if (read !== undefined) before.add(read);
      version.set(variable, { writer: i });
    }
    before.delete(i);
    if (before.size > 0) waits.set(i, [...before]);
  });
  return waits;
};

const opName = (entry: Entry): string => (entry.kind === "op" ? entry.op : entry.kind);

export const lower = (tape: Tape, { prefix, handle, float, input }: LoweringContext): Lowered => {
  const live = liveEntries(tape);
  const waits = writersWaitFor(tape, live);
  const nameOf = (i: number): string => `${prefix}/${opName(tape.entries[i]!)}_${i}`;
  const value = ({ entry: i, output }: Source): string => {
    const entry = tape.entries[i]!;
    if (entry.kind === "input") return input(entry.name);
    return output === 0 ? nameOf(i) : `${nameOf(i)}:${output}`;
  };
  const control = (i: number): string => {
    const entry = tape.entries[i]!;
    return `^${entry.kind === "input" ? input(entry.name).split(":")[0] : nameOf(i)}`;
  };

  const nodes: Node[] = [];
  const writers: string[] = [];
  const inputs: string[] = [];
  const add = (entry: Entry, i: number): void => {
    const name = nameOf(i);
    const after = (waits.get(i) ?? []).map(control);
    switch (entry.kind) {
      case "input":
        inputs.push(entry.name);
        return;
      case "constant": {
        const { dtype, shape, values } = entry;
        const attributes = { dtype: { type: dtype }, value: { tensor: { dtype, shape, values } } };
        nodes.push({ name, op: "Const", inputs: [], attributes });
        return;
      }
      case "read": {
        const inputs = [handle(entry.variable), ...(entry.after === undefined ? [] : [`^${nameOf(entry.after)}`])];
        nodes.push({ name, op: "ReadVariableOp", inputs, attributes: { dtype: { type: entry.dtype } } });
        return;
      }
      case "op":
        nodes.push({ name, op: entry.op, inputs: entry.inputs.map(value), attributes: entry.attributes });
        return;
      case "update":
        append(nodes, fusedNodes(entry, { name, handle, value, after, float }));
        break;
      case "assign": {
        // Copied, because the value may be a fed buffer that belongs to JavaScript.
        const copy = `${name}/copy`;
        nodes.push(
          { name: copy, op: "DeepCopy", inputs: [value(entry.value)], attributes: { T: { type: entry.dtype } } },
          {
            name,
            op: "AssignVariableOp",
            inputs: [handle(entry.variable), copy, ...after],
            attributes: { dtype: { type: entry.dtype } },
          },
        );
        break;
      }
      default:
        throw new VaelabError("INTERNAL", { message: "an unknown entry is on the tape" });
    }
    writers.push(`^${name}`);
  };
  tape.entries.forEach((entry, i) => {
    if (live.has(i)) add(entry, i);
  });
  return { nodes, value, writers, inputs };
};
