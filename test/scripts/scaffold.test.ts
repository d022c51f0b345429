/** What `npm run new` writes passes the type checker, for every kind that has a template. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { root, typescriptFiles } from "../structure/rooms.js";

interface Scaffold {
  scaffold(kind: string, type: string, options: { base: string }): string[];
}
const { scaffold } = (await import("../../scripts/new.mjs" as string)) as Scaffold;
const KINDS = readdirSync(join(root, "scripts/templates")).flatMap((name) => /^(\w+)\.ts\.txt$/.exec(name)?.[1] ?? []);

/** The component and the test of every kind, by the path that they would have in the checkout. */
const scaffolded = (): Map<string, string> => {
  const base = mkdtempSync(join(tmpdir(), "vaelab-scaffold-"));
  try {
    for (const index of typescriptFiles("src")) {
      mkdirSync(dirname(join(base, index)), { recursive: true });
      if (index.endsWith("/index.ts")) cpSync(join(root, index), join(base, index));
    }
    const written = KINDS.flatMap((kind) => scaffold(kind, `scratch-${kind}`, { base }).slice(0, 2));
    return new Map(written.map((path) => [join(root, path), readFileSync(join(base, path), "utf8")]));
  } finally {
    rmSync(base, { recursive: true });
  }
};

test("every scaffolded component and its test have no type errors", { timeout: 120_000 }, () => {
  const files = scaffolded();
  expect(files.size).toBe(2 * KINDS.length);
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const host = ts.createCompilerHost({ ...options, incremental: false });
  const { readFile, fileExists } = host;
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  const program = ts.createProgram(
    [...files.keys()],
    { ...options, incremental: false, tsBuildInfoFile: undefined as never },
    host,
  );
  const problems = [...files.keys()].flatMap((path) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(path))
      .map(
        ({ messageText }) => `${path.slice(root.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      ),
  );
  expect(problems).toEqual([]);
});
