/** Finds the live part of a tape. */
import { sourcesOf, type Tape, writtenBy } from "./tape.js";

/** The changes of variables, and all entries that they or the outputs depend on. */
export const liveEntries = ({ entries, outputs }: Tape): ReadonlySet<number> => {
  const live = new Set<number>();
  const pending = [
    ...Object.values(outputs).map(({ entry }) => entry),
    ...entries.flatMap((entry, i) => (writtenBy(entry).length > 0 ? [i] : [])),
  ];
  for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
    if (live.has(i)) continue;
    live.add(i);
    for (const { entry } of sourcesOf(entries[i]!)) pending.push(entry);
  }
  return live;
};

/** How often live entries and outputs use each entry. */
export const usesOf = (tape: Tape): readonly number[] => {
  const uses: number[] = tape.entries.map(() => 0);
  const count = ({ entry }: { entry: number }): void => {
    uses[entry]! += 1;
  };
  for (const i of liveEntries(tape)) for (const source of sourcesOf(tape.entries[i]!)) count(source);
  for (const source of Object.values(tape.outputs)) count(source);
  return uses;
};
