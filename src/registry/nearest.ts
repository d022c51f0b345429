/** What was probably meant. */
import { distance } from "fastest-levenshtein";

/** The nearest name, where it is near enough to be a slip: a third of its letters at most. */
export const nearest = (written: string, known: readonly string[]): string | undefined => {
  let best: { name: string; away: number } | undefined;
  for (const name of known) {
    const away = distance(written.toLowerCase(), name.toLowerCase());
    if (away <= Math.max(1, Math.floor(Math.max(name.length, written.length) / 3)) && away < (best?.away ?? Infinity)) {
      best = { name, away };
    }
  }
  return best?.name;
};

/** `Did you mean "vamp"? Known: gaussian, vamp`. */
export const suggest = (written: string, known: readonly string[]): string => {
  const near = nearest(written, known);
  const all = known.length ? `Known: ${known.join(", ")}` : "None is known.";
  return near ? `Did you mean ${JSON.stringify(near)}? ${all}` : all;
};
