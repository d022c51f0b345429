/** What a rule that fuses ops looks at, and what it says. */
import { liveEntries, usesOf } from "./live.js";
import { Entries, type Now, type Op, type Types, type Writer } from "./rewrite.js";
import type { Source, Tape } from "./tape.js";

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

  /** Whether nothing but its one user takes it. */
  isTakenOnce({ entry }: Source): boolean {
    return this.uses[entry] === 1;
  }
}

/** By the number of an entry, what is put in its place. */
export type Plan = Map<number, (writer: Writer, now: Now) => readonly Source[]>;
