/** Runs the command line: its program in this process, or the built one as a child process, as a user's shell would. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runProgram } from "../../src/cli/program.js";
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
}
interface ProcessOptions extends Options {
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

const startNode = (args: readonly string[], { cwd = root, env, uid }: ProcessOptions) =>
  spawn(process.execPath, args, { cwd, env: environment(env), ...(uid !== undefined && { uid }) });

export const startVaelab = (args: readonly string[], options: ProcessOptions = {}) =>
  startNode([CLI, ...args], options);

/** Sets variables, deletes those without a value, and returns what was there. */
const setVariables = (variables: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> => {
  const before: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(variables)) {
    before[name] = process.env[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  return before;
};

/** Collects what is written to a stream until `restore` is called. */
const collect = (stream: NodeJS.WriteStream): { text: () => string; restore: () => void } => {
  const { write } = stream;
  let written = "";
  stream.write = ((chunk: string | Uint8Array) => {
    written += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    return true;
  }) as typeof stream.write;
  return {
    text: () => written,
    restore: () => {
      stream.write = write;
    },
  };
};

const runHere = async (args: readonly string[], { cwd = root, env }: Options): Promise<Result> => {
  const folder = process.cwd();
  const variables = setVariables({ VAELAB_DEBUG: undefined, NO_COLOR: undefined, ...env });
  const [stdout, stderr] = [collect(process.stdout), collect(process.stderr)];
  try {
    process.chdir(cwd);
    const code = await runProgram(args);
    return resultOf(code, stdout.text(), stderr.text());
  } finally {
    stdout.restore();
    stderr.restore();
    process.chdir(folder);
    setVariables(variables);
  }
};

let last: Promise<unknown> = Promise.resolve();
/**
 * Runs the program in this process, which starts in no time. One command at a time: the working folder, the variables and the
 * streams are the process's. Engines and plugins stay loaded; a test of these, or of the process, takes `vaelabProcess`.
 */
export const vaelab = (args: readonly string[], options: Options = {}): Promise<Result> => {
  const result = last.then(() => runHere(args, options));
  last = result.catch(() => {});
  return result;
};

export const vaelabProcess = (args: readonly string[], options: ProcessOptions = {}): Promise<Result> =>
  node([CLI, ...args], options);

const resultOf = (code: number | null, stdout: string, stderr: string): Result => ({
  code,
  stdout,
  stderr,
  records: () =>
    stdout
      .trimEnd()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
});

/** Runs Node itself. */
export const node = (args: readonly string[], options: ProcessOptions = {}): Promise<Result> =>
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
    child.on("close", (code) => resolve(resultOf(code, stdout, stderr)));
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
