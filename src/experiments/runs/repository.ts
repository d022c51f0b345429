/**
 * The git repository that a spec lies in. Its commit is read from git's files, because a received repository's configuration can
 * name programs that git starts (core.fsmonitor, filters, hooks). The diff is made on request alone, with all of these turned off.
 */
import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { promisify } from "node:util";
import { VaelabError } from "../../errors.js";

/** Largest file that is read whole: packed-refs of a repository with a million references. */
const LARGEST_FILE = 2 ** 26;
const LARGEST_DIFF = 2 ** 20;
const DIFF_MILLISECONDS = 10_000;
/** References name references; git follows five. */
const MOST_LINKS = 5;

const textOf = (path: string): string | undefined => {
  try {
    const status = statSync(path);
    return status.isFile() && status.size <= LARGEST_FILE ? readFileSync(path, "utf8").trim() : undefined;
  } catch {
    // Not there, or not to be read: a run without a commit is still a run.
    return undefined;
  }
};

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};

/** The nearest `.git` above a folder: a folder, or in worktrees and submodules a file that names one. */
const gitFolderOf = (folder: string): string | undefined => {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, ".git");
    if (isFolder(path)) return path;
    const named = /^gitdir: (.+)$/.exec(textOf(path) ?? "")?.[1];
    if (named !== undefined) return resolve(at, named);
    if (dirname(at) === at) return undefined;
  }
};

const HASH = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
const isReference = (name: string): boolean =>
  name.startsWith("refs/") && !isAbsolute(name) && !name.split(/[/\\]/).includes("..") && !name.includes("\0");

/** The hash of the commit that is checked out in the folder's repository; null outside of one, or where it keeps references in another format. */
export const commitOf = (folder: string): string | null => {
  const git = gitFolderOf(folder);
  if (git === undefined) return null;
  // What a worktree shares with its main repository.
  const shared = resolve(git, textOf(join(git, "commondir")) ?? ".");
  const packed = (name: string): string | undefined =>
    textOf(join(shared, "packed-refs"))
      ?.split("\n")
      .find((line) => line.endsWith(` ${name}`))
      ?.split(" ")[0];
  let content = textOf(join(git, "HEAD"));
  for (let link = 0; link < MOST_LINKS && content !== undefined; link++) {
    if (HASH.test(content)) return content;
    const name = /^ref: (.+)$/.exec(content)?.[1];
    if (name === undefined || !isReference(name)) return null;
    content = textOf(join(git, name)) ?? textOf(join(shared, name)) ?? packed(name);
  }
  return null;
};

/** Nothing of the caller's that git acts on, and no program, transport or configuration but the repository's own. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  ...(process.env.SystemRoot !== undefined && { SystemRoot: process.env.SystemRoot }),
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
});

const QUIET = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

const git = async (folder: string, settings: readonly string[], args: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)("git", ["-C", folder, ...QUIET, ...settings, ...args], {
    env: environment(),
    maxBuffer: LARGEST_DIFF,
    timeout: DIFF_MILLISECONDS,
  });
  return stdout;
};

/** Settings that turn every filter of the repository off: git would start one for each changed file that has it. */
const withoutFilters = async (folder: string): Promise<string[]> => {
  const listed = await git(folder, [], ["config", "--null", "--name-only", "--get-regexp", "^filter\\."]).catch(
    (error: { code?: unknown }) => {
      if (error.code === 1) return "";
      throw error;
    },
  );
  return listed
    .split("\0")
    .filter((key) => key !== "")
    .flatMap((key) => {
      if (key.includes("=")) throw new Error(`the name of the filter ${JSON.stringify(key)} cannot be overridden`);
      return ["-c", `${key}=${key.endsWith(".required") ? "false" : ""}`];
    });
};

/**
 * What is changed against the commit, submodules and untracked files left out.
 * @throws USAGE where git gives none, or one of more than 1 MiB: somebody asked for it
 */
export const diffOf = async (folder: string): Promise<string> => {
  try {
    const settings = await withoutFilters(folder);
    return await git(folder, settings, ["diff", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty", "HEAD"]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().split("\n").at(-1)! : String(cause);
    throw new VaelabError(
      "USAGE",
      { message: `git gives no diff: ${reason}`, where: folder, remedy: "Leave --diff out." },
      { cause },
    );
  }
};
