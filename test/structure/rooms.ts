/** Which file lives in which room of src/, and what each file imports. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Rooms that hold components; each has an index that lists them. */
export const COMPONENT_ROOMS = [
  "data",
  "distributions/bijections",
  "losses",
  "metrics",
  "models/decoders",
  "models/encoders",
  "models/heads",
  "models/layers",
  "models/likelihoods",
  "models/posteriors",
  "optimizers",
  "priors",
  "samplers",
  "schedules",
] as const;

/** TypeScript files under a folder of the repository, as paths from its root. */
export const typescriptFiles = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|mts)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();

/** "models/encoders" of src/models/encoders/mlp.ts, "contracts" of src/contracts/dataset.ts, "builtins.ts" of src/builtins.ts. */
export const roomOf = (file: string): string => {
  const path = file.replace(/^src\//, "");
  return COMPONENT_ROOMS.find((room) => path.startsWith(`${room}/`)) ?? path.split("/")[0]!;
};

export interface Import {
  /** As written. */
  specifier: string;
  /** The file in src/ that it names, unless it is a package. */
  file?: string;
  /** Erased by the compiler. */
  typeOnly: boolean;
}

const isTypeOnly = (node: ts.ImportDeclaration | ts.ExportDeclaration): boolean => {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return node.importClause?.isTypeOnly ?? false;
};

/** Static and dynamic imports, `export ... from`, and `import("...")` types. */
export const importsOf = (file: string, text = readFileSync(join(root, file), "utf8")): Import[] => {
  const found: Import[] = [];
  const note = (specifier: string, typeOnly: boolean): void => {
    const target = specifier.startsWith(".")
      ? join(dirname(file), specifier).replaceAll("\\", "/").replace(/\.js$/, ".ts")
      : undefined;
    found.push({ specifier, typeOnly, ...(target ? { file: target } : {}) });
  };
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    )
      note(node.moduleSpecifier.text, isTypeOnly(node));
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteral(specifier)) note(specifier.text, false);
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    )
      note(node.argument.literal.text, true);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, false));
  return found;
};

/** A file's tokens without its comments, for rules about code alone. */
export const withoutComments = (text: string): string => {
  const source = ts.createSourceFile("text.ts", text, ts.ScriptTarget.ES2022, false);
  const tokens = (node: ts.Node): string[] => {
    const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child));
    return children.length ? children.flatMap(tokens) : [node.getText(source)];
  };
  return tokens(source).join(" ");
};

/** Groups of nodes that reach each other, each sorted (Tarjan 1972); a node that points to itself alone is none. */
export const circles = (graph: ReadonlyMap<string, readonly string[]>): string[][] => {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group.sort());
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
};
