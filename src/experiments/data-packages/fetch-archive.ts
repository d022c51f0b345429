/** Fetches the archive of a package with its registry's client, and checks its SHA-256. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { DataPackage } from "../../contracts/dataset.js";
import { type CommandOptions, type CommandResult, lastLines, runCommand } from "../../engine/native/command.js";
import { sha256OfFile } from "../../engine/native/wheel.js";
import { VaelabError } from "../../errors.js";
import { describeBytes } from "../../storage/memory.js";
import { CLIENTS } from "./clients.js";

export interface Fetching {
  signal?: AbortSignal | undefined;
  /** Told, in a line, that work takes long. */
  progress(line: string): void;
}

/** Milliseconds until the first line of progress, and between two lines. */
const PATIENCE = 2_000;
const LINE_EVERY = 10_000;

/** Tells how long the work has taken, if it takes long. */
const told = async <T>(what: string, progress: Fetching["progress"], work: () => Promise<T>): Promise<T> => {
  const started = performance.now();
  const tell = (): void => progress(`${what}, ${Math.round((performance.now() - started) / 1000)} s`);
  let every: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    tell();
    every = setInterval(tell, LINE_EVERY);
  }, PATIENCE);
  try {
    return await work();
  } finally {
    clearTimeout(first);
    clearInterval(every);
  }
};

/** @throws DATA with what to do, if there is no such program */
export const runClient = async (
  program: string,
  args: readonly string[],
  absent: string,
  options: CommandOptions,
): Promise<CommandResult> => {
  try {
    return await runCommand(program, args, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EACCES") throw error;
    throw new VaelabError("DATA", { message: `${program} cannot be started`, remedy: absent }, { cause: error });
  }
};

/**
 * @param folder receives the archive; it is empty
 * @returns the path of the archive
 * @throws DATA if the client fails or the archive is not the one that is known
 */
export const fetchArchive = async (
  pack: DataPackage,
  folder: string,
  again: string,
  { signal, progress }: Fetching,
): Promise<string> => {
  const { registry, name, version, bytes, sha256 } = pack;
  const { program, args, ending, reason, absent } = CLIENTS[registry];
  const { status, output } = await told(
    `${program} fetches ${name} ${version} (${describeBytes(bytes)})`,
    progress,
    () => runClient(program, args(pack), absent, { cwd: folder, ...(signal && { signal }) }),
  );
  const failed = (message: string, remedy: string): VaelabError => new VaelabError("DATA", { message, remedy });
  signal?.throwIfAborted();
  if (status !== 0)
    throw failed(
      `${program} could not fetch ${name} ${version}: ${reason.exec(output)?.[1] ?? lastLines(output)}`,
      `Check the network and ${program}'s settings, then run: ${again}`,
    );
  const archives = readdirSync(folder).filter((file) => file.endsWith(ending));
  if (archives.length !== 1) throw failed(`${program} left no archive of ${name} ${version}`, `Run again: ${again}`);
  const archive = join(folder, archives[0]!);
  const hash = await sha256OfFile(archive);
  if (hash !== sha256)
    throw failed(
      `the archive of ${name} ${version} has SHA-256 ${hash}, not ${sha256}: it is damaged or was altered, and was deleted`,
      `Check where ${program} fetches from, then run: ${again}`,
    );
  return archive;
};
