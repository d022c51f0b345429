/** Type-checks files as a project that has the package installed: "vaelab" is what the package's entry declares. */
import { basename, join } from "node:path";
import ts from "typescript";
import { root } from "../structure/rooms.js";

/** Messages by file name, of these files alone: the package's own sources are checked with the types of the whole repository. */
export const typeErrors = (files: readonly string[]): Record<string, string[]> => {
  const program = ts.createProgram([...files], {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    paths: {
      vaelab: [join(root, "src/index.ts")],
      "vaelab/tensor": [join(root, "src/tensor/tensor.ts")],
      "vaelab/parts": [join(root, "src/parts.ts")],
      "vaelab/testing": [join(root, "src/testing.ts")],
    },
  });
  const errors: Record<string, string[]> = {};
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...files.flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name))),
  ];
  for (const { file, messageText } of diagnostics)
    (errors[file ? basename(file.fileName) : "options"] ??= []).push(
      ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
  return errors;
};

export const transpile = (source: string): string =>
  ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText;
