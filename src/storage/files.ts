/**
 * Atomic file writes: write to a temporary name in the same folder, fsync, rename, then fsync the folder so that the rename
 * survives a power failure.
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
  ENOSPC: ["no space left on the device", "Free some space, then resume."],
  EDQUOT: ["the disk quota is exceeded", "Free some space, then resume."],
  EACCES: ["permission denied", "Make the folder writable, or choose another."],
  EPERM: ["not permitted", "Make the folder writable, or choose another."],
  EROFS: ["the file system is read-only", "Choose a folder on a writable one."],
  EIO: ["input/output error", "Check the disk, then resume."],
  ENOENT: ["the folder does not exist", "Create it, or choose another."],
  EEXIST: ["this is a file, but a folder is needed", "Move that file away, or choose another folder."],
  ENAMETOOLONG: ["the name is too long for the file system", "Choose a shorter one."],
  EISDIR: ["this is a folder, but a file is needed", "Move that folder away, or choose another name."],
  EMFILE: ["this process has too many files open", "Raise the limit (ulimit -n), then try again."],
  ENFILE: ["this machine has too many files open", "Close some, then try again."],
  EFBIG: ["the file is too large for the file system", "Choose a folder on another one."],
  ENOTDIR: ["this is a file, but a folder is needed", "Move that file away, or choose another folder."],
};

/** Converts a system error to NOT_WRITABLE with the path and a remedy; returns other errors unchanged. */
export const asNotWritable = (error: unknown, path: string): unknown => {
  if (!isSystemError(error) || error.code === undefined || error.syscall === undefined) return error;
  const refusal = REFUSALS[error.code] ?? [`system error ${error.code}`, "Choose another folder."];
  return new VaelabError(
    "NOT_WRITABLE",
    { message: `cannot write: ${refusal[0]}`, where: path, remedy: refusal[1] },
    { cause: error },
  );
};

/** Result of a file system call. @throws NOT_WRITABLE if the system refuses. */
export const writing = <T>(path: string, write: () => T): T => {
  try {
    return write();
  } catch (error) {
    throw asNotWritable(error, path);
  }
};

/** Makes creations, renames and removals in the folder durable. Windows has no such call. */
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

/** Creates a new file durably; it must not exist. @throws NOT_WRITABLE */
export const writeNewFile = (path: string, content: Uint8Array | string): void =>
  writing(path, () => create(path, content));

/** A file name suffix that is unique across processes and calls. */
export const uniqueSuffix = (): string => `${process.pid}-${randomBytes(4).toString("hex")}`;
/** Part of the name of a file or folder that is moved aside while another one takes its place. */
export const REPLACED = ".replaced-";
/** Part of the name of what is being written. */
export const TEMPORARY = ".tmp-";
/** Temporary path next to the final name. */
export const temporaryName = (final: string): string => `${final}${TEMPORARY}${uniqueSuffix()}`;

/** @throws NOT_WRITABLE, with the file unchanged. */
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

/**
 * Creates the folder and its parents. Node's recursive mkdir never ends on file systems without folder creation, such as
 * /proc.
 */
export const makeFolder = (folder: string): void => writing(folder, () => makeFolders(resolve(folder)));

/**
 * Renames a completely written folder (`writeNewFile`) to its final name. An existing folder is moved aside first; if the
 * process dies between the two renames, `cleanLeftovers` restores it.
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

/** Removes incomplete work of a dead process in a folder. Requires the run's lock. */
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
