/** One thing has one name: no export is just another name for something of src/. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root, typescriptFiles } from "./rooms.js";

/** What a file declares at its top or imports from another file of the repository. */
const ownNames = (source: ts.SourceFile): Set<string> => {
  const names = new Set<string>();
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) names.add(name.getText(source));
    else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    )
      names.add(statement.name?.getText(source) ?? "");
    else if (
      ts.isImportDeclaration(statement) &&
      (statement.moduleSpecifier as ts.StringLiteral).text.startsWith(".")
    ) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings && ts.isNamedImports(bindings)) for (const { name } of bindings.elements) names.add(name.text);
    }
  }
  return names;
};

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** `export { a as b }`, `export const b = a`, `export type B = A`; a default export's name is the importer's. */
const aliases = (file: string, text = readFileSync(join(root, file), "utf8")): string[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const own = ownNames(source);
  return source.statements.flatMap((statement): string[] => {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause))
      return statement.exportClause.elements
        .filter(({ name, propertyName }) => propertyName && propertyName.text !== name.text)
        .map((element) => `${file}: ${element.getText(source)}`);
    if (!isExported(statement)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations
        .filter(({ initializer }) => initializer && ts.isIdentifier(initializer) && own.has(initializer.text))
        .map((declaration) => `${file}: ${declaration.getText(source)}`);
    if (ts.isTypeAliasDeclaration(statement)) {
      const { type } = statement;
      const isName = ts.isTypeReferenceNode(type) && !type.typeArguments && own.has(type.typeName.getText(source));
      return isName ? [`${file}: ${statement.getText(source)}`] : [];
    }
    return [];
  });
};

describe("no export is another name for something of src/", () => {
  test.each([
    'export { rate as kl } from "./a.js";',
    "const a = 1;\nexport { a as b };",
    "export const a = () => 1;\nexport const b = a;",
    'import { a } from "./a.js";\nexport const b: A = a;',
    "export interface A {}\nexport type B = A;",
  ])("%s", (text) => {
    expect(aliases("x.ts", text)).toHaveLength(1);
  });
  test.each([
    'export { rate } from "./a.js";',
    "const a = 1;\nexport const b = a + 1;",
    'import { Large } from "package";\nexport type Short = Large;',
    "interface A<T> { t: T }\nexport type B = A<number>;",
    "export const tf = live;",
  ])("%s is none", (text) => {
    expect(aliases("x.ts", text)).toEqual([]);
  });
  test("in src/", () => {
    expect(typescriptFiles("src").flatMap((file) => aliases(file))).toEqual([]);
  });
});
