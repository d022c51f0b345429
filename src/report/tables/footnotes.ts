/** Notes shared by several figures are printed once below the table; individual notes stay next to their figure. */

const SHARED = 3;

export interface Footnotes {
  /** In the order in which they are marked, from 1 on. */
  shared: readonly string[];
  /** The individual part of a figure's note, and the number of the shared part. */
  of(note: string): { own: string; mark: number | undefined };
}

/** @param notes one per figure; semicolons separate their parts, and figures whose first parts differ may share the last. */
export const footnotesOf = (notes: readonly string[]): Footnotes => {
  const lastOf = (note: string): string => note.slice(note.lastIndexOf("; ") < 0 ? 0 : note.lastIndexOf("; ") + 2);
  const counts = new Map<string, number>();
  for (const note of notes) if (note !== "") counts.set(lastOf(note), (counts.get(lastOf(note)) ?? 0) + 1);
  const shared = [...counts].flatMap(([note, count]) => (count >= SHARED ? [note] : []));
  return {
    shared,
    of: (note) => {
      const last = lastOf(note);
      const place = shared.indexOf(last);
      if (place < 0) return { own: note, mark: undefined };
      return { own: note.slice(0, note.length - last.length).replace(/; $/, ""), mark: place + 1 };
    },
  };
};
