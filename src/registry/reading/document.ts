/**
 * Reads one spec file: strict JSON with the line and column of every value. Unlike JSON.parse, it also refuses duplicate
 * keys, numbers too large for a double, and keys that reach a prototype.
 */
import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { type ErrorCode, type Problem, VaelabError } from "../../errors.js";
import { readRegular, Unreadable } from "../../storage/read-file.js";
import { childPointer, FORBIDDEN_KEYS } from "./json.js";
import { type Origin, type Position, showPath, type Traced } from "./traced.js";

export const LARGEST_FILE = 10 * 1024 * 1024;
export const DEEPEST = 100;

/**
 * Parses a JSON document to its value and the place of each part. @throws SPEC_SYNTAX for all duplicate and forbidden keys at
 * once
 */
export const parseDocument = (text: string, file: string): Traced =>
  parseTraced(
    text,
    (value, key) => ({ kind: "file", file, value, ...(key && { key }) }),
    ({ line, column }) => `${showPath(file)}:${line}:${column}`,
  );

/** The same for JSON from elsewhere; `where` formats a position for errors. */
export const parseTraced = (
  text: string,
  originAt: (value: Position, key?: Position) => Origin,
  where: (position: Position) => string,
): Traced => {
  const positionAt = lineTable(text);
  const place = (offset: number): string => where(positionAt(offset));
  const problems: Problem[] = [];
  const visit = (node: Node, pointer: string, depth: number, key?: Position): Traced => {
    if (depth > DEEPEST) throw tooDeep(place(node.offset));
    const origin = originAt(positionAt(node.offset), key);
    if (node.type === "array") {
      const items = (node.children ?? []).map((item, index) => visit(item, childPointer(pointer, index), depth + 1));
      return { kind: "array", origin, items };
    }
    if (node.type !== "object") {
      const value = node.value as null | boolean | number | string;
      if (typeof value === "number" && !Number.isFinite(value)) {
        problems.push({
          where: place(node.offset),
          message: `${text.slice(node.offset, node.offset + node.length)} is too large for a number`,
        });
      }
      return { kind: "scalar", origin, value };
    }
    const entries = new Map<string, Traced>();
    for (const property of node.children ?? []) {
      const [name, child] = property.children as [Node, Node];
      const field = String(name.value);
      const at = `${place(name.offset)}  ${childPointer(pointer, field)}`;
      if (FORBIDDEN_KEYS.has(field)) {
        problems.push({
          where: at,
          message: `the key "${field}" is refused`,
          remedy: "No spec has a field of this name.",
        });
      } else if (entries.has(field)) {
        problems.push({ where: at, message: `the key "${field}" is written twice`, remedy: "Keep one of the two." });
      }
      entries.set(field, visit(child, childPointer(pointer, field), depth + 1, positionAt(name.offset)));
    }
    return { kind: "object", origin, entries };
  };

  if (text.trim() === "") throw new VaelabError("SPEC_SYNTAX", { where: place(0), message: "the file is empty" });
  const errors: ParseError[] = [];
  let root: Node | undefined;
  let value: Traced | undefined;
  try {
    root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    if (root && !errors.length) value = visit(root, "", 0);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(place(0));
    throw error;
  }
  // Later errors are consequences of the first.
  const [first] = errors.sort((a, b) => a.offset - b.offset);
  if (first || !value) {
    const offset = first?.offset ?? 0;
    throw new VaelabError("SPEC_SYNTAX", { where: place(offset), ...explain(text, first) });
  }
  if (problems.length) throw new VaelabError("SPEC_SYNTAX", problems);
  return value;
};

/**
 * @param code error code of an unreadable file; `namedAt` is the place that names it. @throws NOT_FOUND, NOT_READABLE or
 * `code`; SPEC_SYNTAX
 */
export const readDocument = (file: string, code?: ErrorCode, namedAt?: string): Traced => {
  let bytes: Buffer;
  try {
    bytes = readRegular(file, LARGEST_FILE);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const isMissing = error.kind === "missing";
    throw new VaelabError(
      code ?? (isMissing ? "NOT_FOUND" : "NOT_READABLE"),
      {
        ...(namedAt && { where: namedAt }),
        message: `${showPath(file)} ${isMissing ? "does not exist" : `cannot be read: ${error.reason}`}`,
      },
      { cause: error },
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new VaelabError("SPEC_SYNTAX", { where: showPath(file), message: "the file is not UTF-8 text" });
  }
  return parseDocument(text, file);
};

const tooDeep = (where: string): VaelabError =>
  new VaelabError("SPEC_SYNTAX", { where, message: `values are nested more than ${DEEPEST} deep` });

const lineTable = (text: string): ((offset: number) => Position) => {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
};

const explain = (text: string, error: ParseError | undefined): Omit<Problem, "where"> => {
  if (!error) return { message: "there is no value" };
  const token = text.slice(error.offset, error.offset + error.length);
  const trailing = /,\s*$/.test(text.slice(0, error.offset)) && /^[\]}]/.test(token);
  if (trailing) return { message: `unexpected comma before "${token[0]}"`, remedy: "JSON has no trailing commas." };
  switch (printParseErrorCode(error.error)) {
    case "InvalidSymbol":
      return { message: `${token} is not JSON`, remedy: "Strings and keys need double quotes." };
    case "InvalidCommentToken":
    case "UnexpectedEndOfComment":
      return { message: "unexpected comment", remedy: 'JSON has no comments; put text into "description".' };
    case "PropertyNameExpected":
      return { message: "a key in double quotes is expected here" };
    case "ValueExpected":
      return { message: "a value is expected here" };
    case "ColonExpected":
      return { message: 'a ":" is expected here' };
    case "CommaExpected":
      return { message: 'a "," is expected here' };
    case "CloseBraceExpected":
      return { message: 'a "}" is missing' };
    case "CloseBracketExpected":
      return { message: 'a "]" is missing' };
    case "EndOfFileExpected":
      return { message: "the file should end here" };
    case "UnexpectedEndOfString":
      return { message: "the string that starts here is not closed" };
    case "InvalidCharacter":
      return {
        message: "this string contains a control character",
        remedy: "Write it as an escape: \\n, \\t, \\u0000.",
      };
    case "InvalidUnicode":
    case "InvalidEscapeCharacter":
      return { message: `${token} has an escape that JSON does not know` };
    default:
      return { message: `${token} is not a number` };
  }
};
