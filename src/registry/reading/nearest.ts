/** Suggests the name that was probably meant. */
import { distance } from "fastest-levenshtein";

/**
 * The nearest name if the edit distance is small enough for a typo: up to a third of the letters, or two of five (swapped
 * letters).
 */
export const nearest = (written: string, known: readonly string[]): string | undefined => {
  let best: { name: string; away: number } | undefined;
  for (const name of known) {
    const away = distance(written.toLowerCase(), name.toLowerCase());
    const letters = Math.max(name.length, written.length);
    const slip = letters < 5 ? 1 : Math.max(2, Math.floor(letters / 3));
    if (away <= slip && away < (best?.away ?? Number.POSITIVE_INFINITY)) {
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
