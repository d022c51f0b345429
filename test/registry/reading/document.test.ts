/** Reading: strict JSON with positions. What is accepted is what JSON.parse accepts, less what no spec may hold. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VaelabError } from "../../../src/errors.js";
import { LARGEST_FILE, parseDocument } from "../../../src/registry/reading/document.js";
import { originsOf, plain, showPath } from "../../../src/registry/reading/traced.js";
import { workspace } from "../support/workspace.js";

const JSON_LINES = '{\n  "a": 1,\n  "b": [true,\n    {"c/d": null}]\n}';

test("every part knows its line and column, and its key's", () => {
  const origins = originsOf(parseDocument(JSON_LINES, "a.json"));
  const places = [...origins].map(([pointer, origin]) => [
    pointer,
    origin.kind === "file" && [origin.key, origin.value],
  ]);
  expect(Object.fromEntries(places)).toEqual({
    "": [undefined, { line: 1, column: 1 }],
    "/a": [
      { line: 2, column: 3 },
      { line: 2, column: 8 },
    ],
    "/b": [
      { line: 3, column: 3 },
      { line: 3, column: 8 },
    ],
    "/b/0": [undefined, { line: 3, column: 9 }],
    "/b/1": [undefined, { line: 4, column: 5 }],
    "/b/1/c~1d": [
      { line: 4, column: 6 },
      { line: 4, column: 13 },
    ],
  });
});

test.each<[string, string, string]>([
  [
    "a comma at the end of an object",
    '{"a": 1,\n}',
    'a.json:2:1  unexpected comma before "}". JSON has no trailing commas.',
  ],
  ["a comma at the end of a list", "[1,]", 'a.json:1:4  unexpected comma before "]". JSON has no trailing commas.'],
  [
    "a comment",
    '{\n  "a": 1 // one\n}',
    'a.json:2:10  unexpected comment. JSON has no comments; put text into "description".',
  ],
  ["a key without quotes", "{a: 1}", "a.json:1:2  a is not JSON. Strings and keys need double quotes."],
  ["NaN", '{"a": NaN}', "a.json:1:7  NaN is not JSON. Strings and keys need double quotes."],
  ["a key without colon", '{"a" 1}', 'a.json:1:6  a ":" is expected here'],
  ["items without a comma", "[1 2]", 'a.json:1:4  a "," is expected here'],
  ["a brace that is not closed", '{"a": {"b": 1}', 'a.json:1:15  a "}" is missing'],
  ["a text that is not closed", '{"a": "x\n}', "a.json:1:7  the string that starts here is not closed"],
  ["an unknown escape", '"\\x"', 'a.json:1:1  "\\x" has an escape that JSON does not know'],
  ["a second value", "{} {}", "a.json:1:4  the file should end here"],
  ["nothing", " \n", "a.json:1:1  the file is empty"],
  ["a key twice", '{"a": {\n"b": 1,\n"b": 2}}', 'a.json:3:1  /a/b  the key "b" is written twice. Keep one of the two.'],
  ["a number too large", "[1e999]", "a.json:1:2  1e999 is too large for a number"],
  [
    "__proto__",
    '{"__proto__": {"a": 1}}',
    'a.json:1:2  /__proto__  the key "__proto__" is refused. No spec has a field of this name.',
  ],
  [
    "constructor",
    '{"a": {"constructor": 1}}',
    'a.json:1:8  /a/constructor  the key "constructor" is refused. No spec has a field of this name.',
  ],
  ["lists in lists without end", "[".repeat(100_000), "a.json:1:1  values are nested more than 100 deep"],
  [
    "lists deeper than any spec",
    `${"[".repeat(102)}${"]".repeat(102)}`,
    "a.json:1:102  values are nested more than 100 deep",
  ],
])("%s is refused", async (_, text, line) => {
  expect(await workspace({ "a.json": text }).refusal("a.json")).toEqual(["SPEC_SYNTAX", line]);
});

describe("files", () => {
  test("a byte order mark is passed over", async () => {
    const spec = '\uFEFF{"name": "x", "data": "points", "model": {"latent": 2, "encoder": "mlp"}}';
    expect((await workspace({ "a.json": spec }).load("a.json")).spec.name).toBe("x");
  });

  test("what is no file of text is refused", async () => {
    const place = workspace({
      "folder/a.json": "",
      "large.json": " ".repeat(LARGEST_FILE + 1),
      "latin.json": Uint8Array.of(0x22, 0xe9, 0x22),
      "list.json": [],
    });
    expect(await place.refusal("none.json")).toEqual(["NOT_FOUND", "none.json does not exist"]);
    expect(await place.refusal("large.json/a.json")).toEqual(["NOT_FOUND", "large.json/a.json does not exist"]);
    expect(await place.refusal("folder")).toEqual([
      "NOT_READABLE",
      "folder cannot be read: this is a folder, but a file is needed",
    ]);
    expect(await place.refusal("large.json")).toEqual([
      "NOT_READABLE",
      "large.json cannot be read: it is larger than the limit of 10.0 MiB",
    ]);
    expect(await place.refusal("latin.json")).toEqual(["SPEC_SYNTAX", "latin.json  the file is not UTF-8 text"]);
    expect(await place.refusal("list.json")).toEqual(["SPEC_INVALID", "list.json  a spec is an object, not a list"]);
  });

  test("a path is shown from the working folder where it lies below it", () => {
    expect(showPath("/project/specs/a.json", "/project")).toBe("specs/a.json");
    expect(showPath("/project/a.json", "/project/specs")).toBe("/project/a.json");
  });
});

/** What JSON.parse lets pass. */
const EXTRA_REFUSALS = /is written twice|is too large for a number|is refused/;
const accepts = (text: string): unknown => {
  try {
    return { value: plain(parseDocument(text, "a.json")) };
  } catch (error) {
    if (error instanceof VaelabError) return "refused";
    throw error;
  }
};
const parses = (text: string): unknown => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return "refused";
  }
};

test("any JSON value is read as JSON.parse reads it, and none reaches Object.prototype", () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  fc.assert(
    fc.property(fc.json(), (text) => {
      const forbidden = /"(__proto__|constructor|prototype)":/.test(text);
      expect(accepts(text)).toEqual(forbidden ? "refused" : parses(text));
    }),
    { seed: 1, numRuns: 300 },
  );
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});

test("a text with one character changed is accepted only if JSON.parse accepts it, with the same value", () => {
  const characters = fc.constantFrom(..."{}[]\",:/*\\ \n\tnulltrue0123456789.-+eE'\u0000é");
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.nat(), characters, fc.boolean(), (value, at, character, insert) => {
      const text = JSON.stringify(value, null, 1);
      const index = at % text.length;
      const changed = text.slice(0, index) + character + text.slice(index + (insert ? 0 : 1));
      const result = accepts(changed);
      if (result !== "refused") expect(result).toEqual(parses(changed));
      else if (parses(changed) !== "refused") expect(() => parseDocument(changed, "a.json")).toThrow(EXTRA_REFUSALS);
    }),
    { seed: 1, numRuns: 500 },
  );
});
