/**
 * Runs TypeScript in a Node process of its own, for what a process does once: loading an engine, being killed. The program is
 * bundled as the package's build bundles it, and lies inside the package, where its imports are found.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { packageRoot } from "../../src/engine/folders.js";

const GRADIENTS = "@tensorflow/tfjs-core/dist/register_all_gradients.js";

export interface Program {
  start(args?: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
  /** To its end. */
  run(
    args?: readonly string[],
    env?: NodeJS.ProcessEnv,
  ): Promise<{ status: number | null; stdout: string; stderr: string }>;
  remove(): void;
}

/** @param source TypeScript; paths in it start from the package's folder: "./src/engine/load.js". */
export const program = async (source: string): Promise<Program> => {
  const root = packageRoot();
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "test-program-"));
  await build({
    absWorkingDir: root,
    stdin: { contents: source, resolveDir: root, loader: "ts", sourcefile: "main.ts" },
    entryNames: "main",
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    external: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-node"],
    alias: { [GRADIENTS]: `./node_modules/${GRADIENTS}` },
    // What is bundled from CommonJS asks for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module";\nconst require = createRequireHere(import.meta.url);',
    },
    logLevel: "error",
  });
  const start = (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(process.execPath, [join(folder, "main.mjs"), ...args], { env: { ...process.env, ...env }, stdio: "pipe" });
  return {
    start,
    run: (args, env) =>
      new Promise((resolve, reject) => {
        const child = start(args, env);
        let stdout = "";
        let stderr = "";
        child.stdout!.on("data", (chunk: Buffer) => {
          stdout += chunk;
        });
        child.stderr!.on("data", (chunk: Buffer) => {
          stderr += chunk;
        });
        child.on("error", reject);
        child.on("close", (status) => resolve({ status, stdout, stderr }));
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
