/** Functions of a source file, with their lengths and the tokens they are made of. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./rooms.js";

export interface FunctionBody {
  file: string;
  /** The variable, property or method that holds it; "(anonymous)" where nothing does. */
  name: string;
  /** Lines of the body, the lines of its braces and of nested functions included. */
  lines: number;
  /** Its body without comments and white space. */
  tokens: readonly string[];
}

const nameOf = (node: ts.SignatureDeclaration, source: ts.SourceFile): string => {
  if (node.name) return node.name.getText(source);
  let { parent } = node;
  while (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent))
    parent = parent.parent;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)
    ? parent.name.getText(source)
    : "(anonymous)";
};

const tokensOf = (node: ts.Node, source: ts.SourceFile): string[] => {
  const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child));
  return children.length > 0 ? children.flatMap((child) => tokensOf(child, source)) : [node.getText(source)];
};

/** Every function, arrow function, method and accessor that has a body, nested ones too. */
export const functionsOf = (file: string, text = readFileSync(join(root, file), "utf8")): FunctionBody[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: FunctionBody[] = [];
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    const body = ts.isFunctionLike(node) && "body" in node ? (node.body as ts.Node | undefined) : undefined;
    if (ts.isFunctionLike(node) && body)
      found.push({
        file,
        name: nameOf(node, source),
        lines: lineOf(body.end) - lineOf(body.getStart(source)) + 1,
        tokens: tokensOf(body, source),
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};
