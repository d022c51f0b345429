/**
 * Lock that keeps two processes from writing to one folder. Holders are numbered: `.lock-N` is created atomically and
 * exclusively by a hard link, and the highest N holds the folder. A lock is never deleted and created again, because two
 * processes that both saw a stale lock could then both win. It is marked as released, or N + 1 takes over once its process is
 * gone.
 */
import { constants, copyFileSync, existsSync, linkSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { asNotWritable, temporaryName, writeNewFile, writing } from "./files.js";
import { canonicalJson, isObject } from "./json.js";
import { fateOf, ownMark, type ProcessMark } from "./processes.js";
import { readBytes } from "./read-file.js";

export interface Lock {
  release(): void;
}

export const LOCK_PREFIX = ".lock-";
const NAME = /^\.lock-(0|[1-9]\d{0,8})$/;
const LAST = 999_999_999;
const ATTEMPT = /^\.lock-\d{1,9}\.tmp-(\d+)-\w+$/;
/** Written in place: a lock cut off in the middle counts as released too, and a finished run is left without leftovers. */
const RELEASED = `${canonicalJson({ released: true })}\n`;
const pathOf = (folder: string, generation: number): string => join(folder, `${LOCK_PREFIX}${generation}`);

const generations = (folder: string): number[] => {
  try {
    return readdirSync(folder)
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  } catch (error) {
    throw asNotWritable(error, folder);
  }
};

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

const isText = (value: unknown): boolean => value === null || typeof value === "string";
const isMark = (value: unknown): value is Pick<ProcessMark, "pid" | "host" | "start"> & Partial<ProcessMark> =>
  isObject(value) &&
  Number.isSafeInteger(value.pid) &&
  Number(value.pid) > 0 &&
  typeof value.host === "string" &&
  isText(value.start) &&
  [value.machine, value.boot, value.namespace].every((part) => part === undefined || isText(part));

/**
 * Undefined if it was released, is missing or unreadable; a crash never damages a complete lock. Locks of older versions name
 * neither boot nor namespace, so their processes cannot be checked.
 */
const markIn = (path: string): ProcessMark | undefined => {
  try {
    const value: unknown = JSON.parse(readBytes(path).toString("utf8"));
    return isMark(value) ? { machine: null, boot: null, namespace: null, ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof VaelabError && error.code === "NOT_FOUND")) return undefined;
    throw error;
  }
};

const holderIn = (folder: string, generation: number): ProcessMark | undefined => markIn(pathOf(folder, generation));

/** Removes lock attempts of dead processes. A process that is alive after all tries again. */
const cleanAttempts = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const pid = ATTEMPT.exec(name)?.[1];
    if (pid === undefined) continue;
    const path = join(folder, name);
    if (fateOf(markIn(path) ?? { ...ownMark(), pid: Number(pid), start: null }) === "gone")
      rmSync(path, { force: true });
  }
};

/** The process that uses this folder, or may use it from another host or namespace. */
export const lockHolder = (folder: string): ProcessMark | undefined => {
  const newest = generations(folder)[0];
  const holder = newest === undefined ? undefined : holderIn(folder, newest);
  return holder && fateOf(holder) !== "gone" ? holder : undefined;
};

/** False if another process was first, or took this one for dead and removed its attempt. */
const createExclusively = (path: string, content: string): boolean => {
  const temporary = temporaryName(path);
  writeNewFile(temporary, content);
  try {
    try {
      linkSync(temporary, path);
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      // Some network and USB file systems have no hard links.
      copyFileSync(temporary, path, constants.COPYFILE_EXCL);
    }
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST" || !existsSync(temporary)) return false;
    throw asNotWritable(error, path);
  } finally {
    rmSync(temporary, { force: true });
  }
};

const busy = (folder: string, holder: ProcessMark): VaelabError => {
  const { pid, host } = holder;
  const unseen =
    host === hostname()
      ? `; if it ran in a container or on a machine of that name that is gone, delete ${LOCK_PREFIX}* in this folder`
      : `; if that host is gone, delete ${LOCK_PREFIX}* in this folder`;
  return new VaelabError("RUN_BUSY", {
    message: `process ${pid} on ${host} is using this folder`,
    where: folder,
    remedy: `Wait for it or stop it${fateOf(holder) === "unknown" ? unseen : ""}.`,
  });
};

/** For readers that need the folder to stay as it is. @throws RUN_BUSY naming the process that uses it */
export const assertNotBusy = (folder: string): void => {
  const holder = lockHolder(folder);
  if (holder) throw busy(folder, holder);
};

/** @throws RUN_BUSY naming the process that uses the folder; RUN_FOLDER if no number is left; NOT_WRITABLE. */
export const acquireLock = (folder: string): Lock => {
  const mark = canonicalJson(ownMark());
  for (;;) {
    const newest = generations(folder)[0] ?? 0;
    const holder = holderIn(folder, newest);
    if (holder && fateOf(holder) !== "gone") throw busy(folder, holder);
    if (newest >= LAST)
      throw new VaelabError("RUN_FOLDER", {
        message: `no lock can follow ${LOCK_PREFIX}${newest}`,
        where: folder,
        remedy: `Delete ${LOCK_PREFIX}* in this folder.`,
      });
    const own = newest + 1;
    const path = pathOf(folder, own);
    if (!createExclusively(path, `${mark}\n`)) continue;
    const [highest, ...older] = generations(folder);
    if (highest !== own) {
      rmSync(path, { force: true });
      continue;
    }
    for (const generation of older) rmSync(pathOf(folder, generation), { force: true });
    cleanAttempts(folder);
    let held = true;
    return {
      release: () => {
        if (held) writing(path, () => writeFileSync(path, RELEASED));
        held = false;
      },
    };
  }
};
