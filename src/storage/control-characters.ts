/**
 * Text from files, for a terminal or a log. Headers, paths, keys, units and names may hold sequences that a terminal obeys, line
 * ends that would begin a line of their own, and characters that turn the reading direction (Unicode TR36, 3.4).
 */

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** As JSON writes it, so that what is within JSON keeps its value: "\u001b". */
const escapeOne = (character: string): string =>
  SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** On one line, with every control character visible. @param kept characters that stay as they are */
export const escapeControls = (text: string, kept = ""): string =>
  text.replace(CONTROLS, (character) => (kept.includes(character) ? character : escapeOne(character)));
