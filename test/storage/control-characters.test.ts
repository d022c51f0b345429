import { expect, test } from "vitest";
import { escapeControls } from "../../src/storage/control-characters.js";

test.each([
  ["\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"],
  ["\u009b2J", "\\u009b2J"],
  ["\u007f\u0000\u0007\b", "\\u007f\\u0000\\u0007\\u0008"],
  ["a\r\n\tb", "a\\r\\n\\tb"],
  // Shown as "txt.exe" by what obeys the override.
  ["\u202eexe.txt\u2066\u2069\u200f", "\\u202eexe.txt\\u2066\\u2069\\u200f"],
  ["\u2028\u2029", "\\u2028\\u2029"],
  ["Größe 数 é 😀 ≤ ±", "Größe 数 é 😀 ≤ ±"],
])("%j", (text, escaped) => {
  expect(escapeControls(text)).toBe(escaped);
});

test("within JSON the value stays the same", () => {
  const value = { "\u009b\u202e": "\u001b\u007f" };
  const text = escapeControls(JSON.stringify(value));
  expect(text).not.toMatch(/\p{Cc}/u);
  expect(JSON.parse(text)).toEqual(value);
});

test("what is kept is kept", () => {
  expect(escapeControls("a\nb\u001b", "\n")).toBe("a\nb\\u001b");
});
