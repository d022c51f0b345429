/**
 * Text from files, for a terminal or a log. Headers, paths, keys, units and names may contain terminal escape sequences, line
 * breaks, and characters that change the reading direction (Unicode TR36, 3.4).
 */

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Escapes as in JSON, "\u001b", so that text inside JSON keeps its value. */
const escapeOne = (character: string): string =>
  SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Text on one line with visible control characters. @param kept characters to leave unchanged */
export const escapeControls = (text: string, kept = ""): string =>
  text.replace(CONTROLS, (character) => (kept.includes(character) ? character : escapeOne(character)));
