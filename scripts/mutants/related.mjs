/** Which test files reach a source file by imports, the nearest first. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** The command line's tests start what is built from here. */
const BUILT = "src/cli/main.ts";

/** Files that are loaded with this one: static and dynamic imports, and those of programs in its strings; no types. */
const importsOf = (root, file) => {
  const code = readFileSync(join(root, file), "utf8");
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
  const found = new Set();
  const note = (specifier, folder = dirname(file)) => {
    if (!specifier.startsWith(".")) return;
    const target = join(folder, specifier).replace(/\.js$/, ".ts");
    if (existsSync(join(root, target))) found.add(target);
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      if (!node.importClause?.isTypeOnly) note(node.moduleSpecifier.text);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      if (!node.isTypeOnly) note(node.moduleSpecifier.text);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteral(specifier)) note(specifier.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  // Programs that a test gives to a process of their own; their paths start from the root.
  for (const [, path] of code.matchAll(/"(\.\/src\/[\w/.-]+\.js)"/g)) note(path, ".");
  if (/scripts\/build\.mjs|"scripts", "build\.mjs"/.test(code)) found.add(BUILT);
  return [...found];
};

/**
 * @param files paths from the root, of src/ and test/
 * @returns by source file, its test files: nearest first, and among equals by name
 */
export const testsBySource = (root, files) => {
  const imports = new Map(files.map((file) => [file, importsOf(root, file)]));
  const tests = new Map();
  for (const test of files.filter((file) => file.endsWith(".test.ts"))) {
    const distance = new Map([[test, 0]]);
    const queue = [test];
    for (const file of queue)
      for (const target of imports.get(file) ?? [])
        if (!distance.has(target)) {
          distance.set(target, distance.get(file) + 1);
          queue.push(target);
        }
    for (const [file, steps] of distance)
      if (file.startsWith("src/")) tests.set(file, [...(tests.get(file) ?? []), { test, steps }]);
  }
  const mirrored = (file) => file.replace(/^src\//, "test/").replace(/\.ts$/, ".test.ts");
  return new Map(
    [...tests].map(([file, found]) => {
      const near = ({ test, steps }) => (test === mirrored(file) ? 0 : steps);
      return [file, found.sort((a, b) => near(a) - near(b) || (a.test < b.test ? -1 : 1)).map(({ test }) => test)];
    }),
  );
};
