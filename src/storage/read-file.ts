/**
 * Reads whole files named by a spec, a flag or a received folder. Only regular files are read, up to a limit: a device has no
 * end, and a pipe would block.
 */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, type Stats, statSync } from "node:fs";
import { VaelabError } from "../errors.js";
import { sha256Bytes } from "./files.js";
import { availableMemory, describeBytes } from "./memory.js";

const MISSING = ["ENOENT", "ENOTDIR"];
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file: part of its path is not a folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "this is a folder, but a file is needed",
  ELOOP: "its symbolic links form a loop",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "this process has too many files open",
  ENFILE: "this machine has too many files open",
  EIO: "input/output error",
};

/** Reason for a system error in words; undefined for other errors. */
export const systemReason = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  // Node refuses such a name before the system sees it.
  if (error.code === "ERR_INVALID_ARG_VALUE" && /without null bytes/.test(error.message))
    return "file names cannot contain a NUL character";
  if (!("syscall" in error)) return undefined;
  return REASONS[String(error.code)] ?? `it cannot be read: system error ${String(error.code)}`;
};

/** File status of a path; undefined if nothing exists there or the system denies access. */
export const statsOf = (path: string, look: (path: string) => Stats = statSync): Stats | undefined => {
  try {
    return look(path);
  } catch (error) {
    if (systemReason(error) === undefined) throw error;
    return undefined;
  }
};

const KINDS: readonly [test: (stats: Stats) => boolean, reason: string][] = [
  [(stats) => stats.isDirectory(), REASONS.EISDIR!],
  [(stats) => stats.isFIFO(), "this is a pipe, not a regular file"],
  [(stats) => stats.isSocket(), "this is a socket, not a regular file"],
  [(stats) => !stats.isFile(), "this is a device, not a regular file"],
];
/** Reason for refusing a path that is not a regular file; undefined for a regular file. */
export const irregular = (stats: Stats): string | undefined => KINDS.find(([test]) => test(stats))?.[1];

/**
 * A file that cannot be read, with the reason. Callers convert it to an error with their own code and the place that names
 * the file.
 */
export class Unreadable extends Error {
  constructor(
    readonly reason: string,
    readonly kind: "missing" | "irregular" | "large" | "refused",
    options?: ErrorOptions,
  ) {
    super(reason, options);
    this.name = "Unreadable";
  }
}

const accessing = <T>(call: () => T): T => {
  try {
    return call();
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    const isMissing = MISSING.includes((error as NodeJS.ErrnoException).code ?? "");
    throw new Unreadable(reason, isMissing ? "missing" : "refused", { cause: error });
  }
};

/** Opens without blocking, in case a pipe replaced the file after the check. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** One system call transfers less than 2 GiB. */
const LONGEST_READ = 2 ** 30;
/** Files of /proc and /sys report size 0, and some never end. */
const LARGEST_UNSIZED = 2 ** 24;
const CHUNK = 2 ** 16;

const readToEnd = (descriptor: number, size: number, limit: number): Buffer => {
  const most = size > 0 ? limit : Math.min(limit, LARGEST_UNSIZED);
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    if (Math.max(size, length) > most)
      throw new Unreadable(`it is larger than the limit of ${describeBytes(most)}`, "large");
    const part = Buffer.allocUnsafe(Math.min(LONGEST_READ, Math.max(CHUNK, size - length)));
    const count = readSync(descriptor, part, 0, part.length, length);
    if (count === 0) return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    parts.push(part.subarray(0, count));
    length += count;
  }
};

/** @param limit in bytes. @throws Unreadable */
export const readRegular = (path: string, limit = availableMemory()): Buffer => {
  const assertRegular = (stats: Stats): void => {
    const reason = irregular(stats);
    if (reason !== undefined) throw new Unreadable(reason, "irregular");
  };
  return accessing(() => {
    assertRegular(statSync(path));
    const descriptor = openSync(path, READ);
    try {
      const stats = fstatSync(descriptor);
      assertRegular(stats);
      return readToEnd(descriptor, stats.size, limit);
    } finally {
      closeSync(descriptor);
    }
  });
};

const refused = (error: unknown, path: string): unknown => {
  if (!(error instanceof Unreadable)) return error;
  const { reason, kind } = error;
  return new VaelabError(
    kind === "missing" ? "NOT_FOUND" : "NOT_READABLE",
    { message: reason, where: path },
    { cause: error },
  );
};

/** Content of the file. @param limit in bytes; by default the available memory. @throws NOT_FOUND, NOT_READABLE */
export const readBytes = (path: string, limit?: number): Buffer => {
  try {
    return readRegular(path, limit);
  } catch (error) {
    throw refused(error, path);
  }
};

/** Names in a folder; [] if the folder does not exist. @throws NOT_READABLE */
export const readFolder = (path: string): string[] => {
  try {
    return readdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    const reason = code === "ENOTDIR" ? "this is a file, but a folder is needed" : systemReason(error);
    if (reason === undefined) throw error;
    throw new VaelabError("NOT_READABLE", { message: reason, where: path }, { cause: error });
  }
};

export const sha256File = (path: string): string => sha256Bytes(readBytes(path));
