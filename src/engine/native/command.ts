/** Runs one program to completion. If it fails, the last lines of its output are the reason. */
import { spawn } from "node:child_process";

export interface CommandResult {
  /** Null if a signal ended it. */
  status: number | null;
  output: string;
  /** stdout alone, for programs whose output is parsed. */
  stdout: string;
}

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Descriptor of a file that receives stdout, which is then no part of the output. */
  into?: number;
  /** Stops the program when it is aborted; the result then comes after the program's end. */
  signal?: AbortSignal;
}

export const runCommand = (
  program: string,
  args: readonly string[],
  { into, signal, ...options }: CommandOptions = {},
): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", into ?? "pipe", "pipe"] });
    let output = "";
    let stdout = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr!.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    const stop = (): void => void child.kill();
    signal?.addEventListener("abort", stop);
    const ended = (): void => signal?.removeEventListener("abort", stop);
    child.on("error", (error) => {
      ended();
      reject(error);
    });
    child.on("close", (status) => {
      ended();
      resolve({ status, output, stdout });
    });
  });

/** Whether a program starts and exits with 0. */
export const works = async (program: string, args: readonly string[]): Promise<boolean> => {
  try {
    return (await runCommand(program, args)).status === 0;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "EACCES") return false;
    throw error;
  }
};

/** The end of a failed program's output, on one line. */
export const lastLines = (output: string, count = 4): string =>
  output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(-count)
    .join(" | ");
