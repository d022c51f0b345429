/** What a rule that fuses ops looks at, and what it says. */
import { liveEntries, usesOf } from "../tape/liveness.js";
import { Entries, type Now, type Op, type Types, type Writer } from "../tape/rewrite.js";
import { type Source, sourcesOf, type Tape } from "../tape/tape.js";

/** A tape to find patterns in. */
export class Recorded extends Entries {
  /** The ops that come to anything, in order. */
  readonly ops: readonly { at: number; op: Op }[];
  private readonly uses: readonly number[];

  constructor(tape: Tape, types: Types) {
    super(tape.entries, types);
    const live = liveEntries(tape);
    this.uses = usesOf(tape);
    this.ops = tape.entries.flatMap((op, at) => (op.kind === "op" && live.has(at) ? [{ at, op }] : []));
  }

  /** Whether it could be computed where `at` is: from constants, inputs and ops alone, without what `at` or a later update gives. */
  isKnownBefore(source: Source, at: number): boolean {
    const seen = new Set<number>();
    const pending = [source.entry];
    for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
      if (number < at || seen.has(number)) continue;
      seen.add(number);
      const entry = this.entries[number]!;
      if (number === at || (entry.kind !== "constant" && entry.kind !== "op")) return false;
      for (const { entry: before } of sourcesOf(entry)) pending.push(before);
    }
    return true;
  }

  /** Whether nothing but its one user takes it. */
  isTakenOnce({ entry }: Source): boolean {
    return this.uses[entry] === 1;
  }
}

/** Puts a value that is known before `at`, though recorded later, with what it is computed from. */
export const earlier = (recorded: Recorded, at: number, writer: Writer, now: Now): Now => {
  const put: Now = (source) => {
    if (source.entry < at) return now(source);
    const entry = recorded.entries[source.entry]!;
    return writer.put(entry.kind === "op" ? { ...entry, inputs: entry.inputs.map(put) } : entry)[source.output]!;
  };
  return put;
};

/** By the number of an entry, what is put in its place. */
export type Plan = Map<number, (writer: Writer, now: Now) => readonly Source[]>;
