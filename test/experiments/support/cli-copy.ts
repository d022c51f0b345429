/** The built command line, copied: a build that begins while a test is running takes no chunk away under it. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../src/engine/folders.js";

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}
export interface Started {
  child: ChildProcessWithoutNullStreams;
  ended: Promise<Ended>;
}
export interface CliCopy {
  start(args: readonly string[]): Started;
  run(args: readonly string[]): Promise<Ended>;
  remove(): void;
}

/** @throws when the build fails. */
export const copyCli = (): CliCopy => {
  const root = packageRoot();
  const built = spawnSync(process.execPath, [join(root, "scripts", "build.mjs"), "--no-types"], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const copy = mkdtempSync(join(cache, "cli-"));
  for (const part of ["cli.js", "chunks"]) cpSync(join(root, "dist", part), join(copy, part), { recursive: true });

  const start = (args: readonly string[]): Started => {
    const child = spawn(process.execPath, [join(copy, "cli.js"), ...args]);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
    return { child, ended };
  };
  return {
    start,
    run: (args) => start(args).ended,
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
};
