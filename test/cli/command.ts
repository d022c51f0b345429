/** Runs the built command line as a child process, as a user's shell would. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { root } from "../structure/rooms.js";

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Each line of stdout as JSON. */
  records: () => Record<string, unknown>[];
}
export interface Options {
  cwd?: string;
  env?: Record<string, string>;
  /** Whom it runs as: root alone may choose. */
  uid?: number;
}

/** Nothing is built that is up to date, so every file may ask for it. */
export const buildOnce = (): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/build.mjs"), "--no-types"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
};

export const CLI = join(root, "dist", "cli.js");
const environment = (env: Record<string, string> = {}): NodeJS.ProcessEnv => {
  const { VAELAB_DEBUG: _, NO_COLOR: __, ...inherited } = process.env;
  return { ...inherited, ...env };
};

const startNode = (args: readonly string[], { cwd = root, env, uid }: Options) =>
  spawn(process.execPath, args, { cwd, env: environment(env), ...(uid !== undefined && { uid }) });

export const startVaelab = (args: readonly string[], options: Options = {}) => startNode([CLI, ...args], options);

export const vaelab = (args: readonly string[], options: Options = {}): Promise<Result> =>
  node([CLI, ...args], options);

/** Runs Node itself. */
export const node = (args: readonly string[], options: Options = {}): Promise<Result> =>
  new Promise((resolve, reject) => {
    const child = startNode(args, options);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const records = (): Record<string, unknown>[] =>
        stdout
          .trimEnd()
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, unknown>);
      resolve({ code, stdout, stderr, records });
    });
  });

/** A folder of files that is gone after the test. */
export const folderOf = (files: Readonly<Record<string, string | object>> = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return folder;
};

/** Trains in a second: what a spec of the command line's tests begins from. */
export const SMALL = {
  name: "small",
  data: { type: "digits", train: 256, validation: 64, test: 64 },
  model: { latent: 2, encoder: { type: "mlp", hidden: [16] }, decoder: { type: "mlp", hidden: [16] } },
  training: { epochs: 1, batchSize: 64 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
} as const;
