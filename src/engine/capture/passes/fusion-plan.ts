/** Input and output of a fusion rule. */
import { liveEntries, usesOf } from "../tape/liveness.js";
import { Entries, type Now, type Op, type Types, type Writer } from "../tape/rewrite.js";
import { type Source, sourcesOf, type Tape } from "../tape/tape.js";

/** A tape to find patterns in. */
export class Recorded extends Entries {
  /** The live ops, in order. */
  readonly ops: readonly { at: number; op: Op }[];
  private readonly uses: readonly number[];

  constructor(tape: Tape, types: Types) {
    super(tape.entries, types);
    const live = liveEntries(tape);
    this.uses = usesOf(tape);
    this.ops = tape.entries.flatMap((op, at) => (op.kind === "op" && live.has(at) ? [{ at, op }] : []));
  }

  /**
   * Whether the value could be computed at `at`: from constants, inputs and ops alone, without results of `at` or of a later
   * update.
   */
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

  /** Whether it has exactly one user. */
  isTakenOnce({ entry }: Source): boolean {
    return this.uses[entry] === 1;
  }
}

/** Writes a value that could be computed before `at` but was recorded later, with its inputs. */
export const earlier = (recorded: Recorded, at: number, writer: Writer, now: Now): Now => {
  const put: Now = (source) => {
    if (source.entry < at) return now(source);
    const entry = recorded.entries[source.entry]!;
    return writer.put(entry.kind === "op" ? { ...entry, inputs: entry.inputs.map(put) } : entry)[source.output]!;
  };
  return put;
};

/** Replacement by entry index. */
export type Plan = Map<number, (writer: Writer, now: Now) => readonly Source[]>;
