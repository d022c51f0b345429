/**
 * Small faults that a test should notice, found in a file's syntax tree:
 *
 *     comparison   < and <=, > and >=, === and !==             constant    n + 1; true and false
 *     arithmetic   + and -, * and /; a minus sign dropped      condition   the branches of ?: and of if ... else swapped
 *     logic        && and ||; ?? dropped; ! dropped            statement   a call, an assignment or a throw left out
 *     function     tf.add and tf.sub, Math.min and Math.max    call        .filter(...), .sort(...), .slice(...) left out
 *
 * Types, imports and messages are left alone: no test should depend on them, or the compiler already checks them.
 */
import { createHash } from "node:crypto";
import ts from "typescript";

const { SyntaxKind } = ts;

const BINARY = new Map([
  [SyntaxKind.LessThanToken, ["comparison", "<="]],
  [SyntaxKind.LessThanEqualsToken, ["comparison", "<"]],
  [SyntaxKind.GreaterThanToken, ["comparison", ">="]],
  [SyntaxKind.GreaterThanEqualsToken, ["comparison", ">"]],
  [SyntaxKind.EqualsEqualsEqualsToken, ["comparison", "!=="]],
  [SyntaxKind.ExclamationEqualsEqualsToken, ["comparison", "==="]],
  [SyntaxKind.PlusToken, ["arithmetic", "-"]],
  [SyntaxKind.MinusToken, ["arithmetic", "+"]],
  [SyntaxKind.AsteriskToken, ["arithmetic", "/"]],
  [SyntaxKind.SlashToken, ["arithmetic", "*"]],
  [SyntaxKind.PercentToken, ["arithmetic", "*"]],
  [SyntaxKind.PlusEqualsToken, ["arithmetic", "-="]],
  [SyntaxKind.MinusEqualsToken, ["arithmetic", "+="]],
  [SyntaxKind.AmpersandAmpersandToken, ["logic", "||"]],
  [SyntaxKind.BarBarToken, ["logic", "&&"]],
]);

/** Of Math and of tf: each for the other. */
const PAIRS = [
  ["min", "max"],
  ["floor", "ceil"],
  ["add", "sub"],
  ["mul", "div"],
  ["sum", "mean"],
  ["maximum", "minimum"],
  ["greater", "greaterEqual"],
  ["less", "lessEqual"],
  ["onesLike", "zerosLike"],
  ["ones", "zeros"],
];
const SWAPPED = new Map(PAIRS.flatMap(([a, b]) => [[a, b], [b, a]])); // biome-ignore format: a pair a line says less
/** Of Math and of tf: f(x) becomes x. */
const DROPPED = new Set(["neg", "abs", "exp", "square", "sqrt", "round", "relu", "sigmoid"]);
/** Methods whose call may be left out: what they were called on is of the same kind. */
const OPTIONAL_CALLS = new Set(["filter", "sort", "reverse", "slice", "trim", "trimEnd", "toLowerCase", "subarray"]);

const isText = (node) =>
  ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node);
/** "a" + b joins texts, whatever b is. */
const joinsTexts = (node) =>
  isText(node) ||
  (ts.isBinaryExpression(node) &&
    node.operatorToken.kind === SyntaxKind.PlusToken &&
    (joinsTexts(node.left) || joinsTexts(node.right)));

/** What this node may become: [kind, the node that is replaced, its new text]. */
const changesOf = (node, text) => {
  if (ts.isBinaryExpression(node)) {
    const { operatorToken, left, right } = node;
    if (operatorToken.kind === SyntaxKind.QuestionQuestionToken) return [["logic", node, text(left)]];
    const change = BINARY.get(operatorToken.kind);
    if (!change || (operatorToken.kind === SyntaxKind.PlusToken && (joinsTexts(left) || joinsTexts(right)))) return [];
    return [[change[0], operatorToken, change[1]]];
  }
  if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === SyntaxKind.ExclamationToken) return [["logic", node, text(node.operand)]];
    if (node.operator === SyntaxKind.MinusToken) return [["arithmetic", node, text(node.operand)]];
    return [];
  }
  if (ts.isNumericLiteral(node)) return [["constant", node, String(Number(node.text.replaceAll("_", "")) + 1)]];
  if (node.kind === SyntaxKind.TrueKeyword) return [["constant", node, "false"]];
  if (node.kind === SyntaxKind.FalseKeyword) return [["constant", node, "true"]];
  if (ts.isConditionalExpression(node)) {
    const { condition, whenTrue, whenFalse } = node;
    return [["condition", node, `${text(condition)} ? (${text(whenFalse)}) : (${text(whenTrue)})`]];
  }
  if (ts.isIfStatement(node)) return [["condition", node.expression, `!(${text(node.expression)})`]];
  if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) return [["statement", node, ";"]];
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression: object, name } = node.expression;
    if (ts.isIdentifier(object) && (object.text === "tf" || object.text === "Math")) {
      const other = SWAPPED.get(name.text);
      if (other) return [["function", name, other]];
      const [only] = node.arguments;
      if (DROPPED.has(name.text) && only) return [["function", node, text(only)]];
    } else if (OPTIONAL_CALLS.has(name.text)) return [["call", node, text(object)]];
  }
  return [];
};

const isSkipped = (node) =>
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isJSDoc(node);

/**
 * Every mutant of a file, in its order: { id, file, line, kind, start, end, from, to }. The id holds no position, so that a
 * change elsewhere in the file does not move a mutant out of a sample.
 */
export const mutantsOf = (file, code) => {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
  const text = (node) => node.getText(source);
  const found = [];
  const met = new Map();
  const visit = (node) => {
    if (isSkipped(node)) return;
    for (const [kind, at, to] of changesOf(node, text)) {
      const start = at.getStart(source);
      const { line } = source.getLineAndCharacterOfPosition(start);
      const [first = 0, next = code.length] = source.getLineStarts().slice(line, line + 2);
      const name = [file, kind, code.slice(first, next).trim(), text(at), to].join("\0");
      const times = met.get(name) ?? 0;
      met.set(name, times + 1);
      const id = createHash("sha256").update(`${name}\0${times}`).digest("hex").slice(0, 16);
      found.push({ id, file, line: line + 1, kind, start, end: at.end, from: text(at), to });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

export const mutated = (code, { start, end, to }) => code.slice(0, start) + to + code.slice(end);

/** The same `count` of them whenever it is asked, in one order: by the hash of their ids under a seed. */
export const sampleOf = (mutants, count, seed) => {
  const rank = ({ id }) => createHash("sha256").update(`${seed}\0${id}`).digest("hex");
  return mutants
    .map((mutant) => ({ mutant, at: rank(mutant) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
};
