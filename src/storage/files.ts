/**
 * Files that are either the old ones or the new ones, whatever kills the process: written to a temporary name in the same
 * folder, fsynced, renamed; then the folder is fsynced, so that the rename itself survives a power cut.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { VaelabError } from "../errors.js";

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && "code" in error;

const REFUSALS: Readonly<Record<string, [message: string, remedy: string]>> = {
  ENOSPC: ["no space is left on the device", "Free some space, then resume."],
  EDQUOT: ["the disk quota is used up", "Free some space, then resume."],
  EACCES: ["permission denied", "Make the folder writable, or choose another."],
  EPERM: ["not permitted", "Make the folder writable, or choose another."],
  EROFS: ["the file system is read-only", "Choose a folder on a writable one."],
  EIO: ["the device failed", "Check the disk, then resume."],
  ENOENT: ["the folder is not there", "Create it, or choose another."],
  EEXIST: ["a file stands where a folder is needed", "Move that file away, or choose another folder."],
  ENAMETOOLONG: ["the name is too long for the file system", "Choose a shorter one."],
  EISDIR: ["a folder stands where a file is needed", "Move that folder away, or choose another name."],
  EMFILE: ["this process has too many files open", "Raise the limit (ulimit -n), then try again."],
  ENFILE: ["this machine has too many files open", "Close some, then try again."],
  EFBIG: ["the file is larger than the file system takes", "Choose a folder on another one."],
  ENOTDIR: ["a file stands where a folder is needed", "Move that file away, or choose another folder."],
};

/** The error as a NOT_WRITABLE with the path and what to do, where the system refused; otherwise itself. */
export const asNotWritable = (error: unknown, path: string): unknown => {
  if (!isSystemError(error) || error.code === undefined || error.syscall === undefined) return error;
  const refusal = REFUSALS[error.code] ?? [`the system says ${error.code}`, "Choose another folder."];
  return new VaelabError(
    "NOT_WRITABLE",
    { message: `cannot write: ${refusal[0]}`, where: path, remedy: refusal[1] },
    { cause: error },
  );
};

/** What this file system call gives. @throws NOT_WRITABLE where the system refuses. */
export const writing = <T>(path: string, write: () => T): T => {
  try {
    return write();
  } catch (error) {
    throw asNotWritable(error, path);
  }
};

/** Makes the folder's entries durable: what was created, renamed or removed in it. Windows has no such call. */
export const syncFolder = (folder: string): void => {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

const create = (path: string, content: Uint8Array | string): void => {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const descriptor = openSync(path, "wx");
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Creates a file that must not be there yet, and makes its content durable. @throws NOT_WRITABLE */
export const writeNewFile = (path: string, content: Uint8Array | string): void =>
  writing(path, () => create(path, content));

/** Something no other process, nor this one before, has named a file by. */
export const uniqueSuffix = (): string => `${process.pid}-${randomBytes(4).toString("hex")}`;
/** In the name of what is moved aside while something else takes its place. */
export const REPLACED = ".replaced-";
const TEMPORARY = ".tmp-";
/** Where a file or folder is prepared, beside its final name. */
export const temporaryName = (final: string): string => `${final}${TEMPORARY}${uniqueSuffix()}`;

/** @throws NOT_WRITABLE; the file is then what it was before. */
export const writeFileAtomically = (path: string, content: Uint8Array | string): void =>
  writing(path, () => {
    const temporary = temporaryName(path);
    try {
      create(temporary, content);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncFolder(dirname(path));
  });

const makeFolders = (folder: string): void => {
  const above = dirname(folder);
  if (above !== folder && !existsSync(above)) makeFolders(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
};

/** Creates the folder and those above it. Node's own recursion never ends on a file system that takes none, such as /proc. */
export const makeFolder = (folder: string): void => writing(folder, () => makeFolders(resolve(folder)));

/**
 * Gives a folder whose files are written (`writeNewFile`) its final name. One of that name is moved aside first: should the
 * process die between the two renames, `cleanLeftovers` puts it back.
 */
export const publishFolder = (temporary: string, final: string): void =>
  writing(final, () => {
    syncFolder(temporary);
    const aside = `${final}${REPLACED}${uniqueSuffix()}`;
    try {
      renameSync(final, aside);
    } catch (error) {
      if (!isSystemError(error) || error.code !== "ENOENT") throw error;
    }
    renameSync(temporary, final);
    syncFolder(dirname(final));
    rmSync(aside, { recursive: true, force: true });
  });

/** Removes what a dead process left half done in a folder. Only its owner may call this, with the run's lock held. */
export const cleanLeftovers = (folder: string): void =>
  writing(folder, () => {
    const names = new Set(readdirSync(folder).filter((name) => !name.startsWith("."))); // Not another process's attempt at the lock.
    for (const name of names) {
      const replaced = name.indexOf(REPLACED);
      const final = name.slice(0, replaced);
      if (replaced > 0 && !names.has(final)) {
        renameSync(join(folder, name), join(folder, final));
        names.add(final);
      } else if (replaced > 0 || name.includes(TEMPORARY)) rmSync(join(folder, name), { recursive: true, force: true });
    }
  });

export const sha256Bytes = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");
