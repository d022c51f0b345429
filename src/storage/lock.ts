/**
 * Two runs never share a directory. Holders are numbered: `.lock-N` is created whole and exclusively (by a hard link), and the
 * highest N holds. A lock is never removed, only marked as released or taken over by N + 1, once its process is gone: deleting
 * and creating again would let two processes that both saw a stale lock both win.
 */
import { constants, copyFileSync, linkSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { asNotWritable, readBytes, temporaryName, writeFileAtomically, writeNewFile } from "./files.js";
import { canonicalJson, isObject } from "./json.js";
import { fateOf, ownMark, type ProcessMark } from "./processes.js";

export interface Lock {
  release(): void;
}

export const LOCK_PREFIX = ".lock-";
const NAME = /^\.lock-(\d{1,9})$/;
const ATTEMPT = /^\.lock-\d{1,9}\.tmp-(\d+)-\w+$/;
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

const isMark = (value: unknown): value is ProcessMark =>
  isObject(value) &&
  Number.isSafeInteger(value.pid) &&
  typeof value.host === "string" &&
  (value.start === null || typeof value.start === "string");

/** Undefined when it was released, is no longer there, or cannot be understood: a whole one was never damaged by dying. */
const markIn = (path: string): ProcessMark | undefined => {
  try {
    const value: unknown = JSON.parse(readBytes(path).toString("utf8"));
    return isMark(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof VaelabError && error.code === "NOT_FOUND")) return undefined;
    throw error;
  }
};

const holderIn = (folder: string, generation: number): ProcessMark | undefined => markIn(pathOf(folder, generation));

/** Removes the attempts of processes that died before they had the lock; one that is alive is about to link its own. */
const cleanAttempts = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const pid = ATTEMPT.exec(name)?.[1];
    if (pid === undefined) continue;
    const path = join(folder, name);
    const mark = markIn(path) ?? { pid: Number(pid), host: hostname(), start: null };
    if (fateOf(mark) === "gone") rmSync(path, { force: true });
  }
};

/** The process that uses this folder, or may be using it from another host. */
export const lockHolder = (folder: string): ProcessMark | undefined => {
  const newest = generations(folder)[0];
  const holder = newest === undefined ? undefined : holderIn(folder, newest);
  return holder && fateOf(holder) !== "gone" ? holder : undefined;
};

/** False when somebody else was first. */
const createExclusively = (path: string, content: string): boolean => {
  const temporary = temporaryName(path);
  const attempt = (call: () => void): "done" | "taken" | "refused" => {
    try {
      call();
      return "done";
    } catch (error) {
      return error instanceof Error && "code" in error && error.code === "EEXIST" ? "taken" : "refused";
    }
  };
  writeNewFile(temporary, content);
  try {
    const linked = attempt(() => linkSync(temporary, path));
    // Some network and USB file systems have no hard links.
    if (linked === "refused") copyFileSync(temporary, path, constants.COPYFILE_EXCL);
    return linked !== "taken";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw asNotWritable(error, path);
  } finally {
    rmSync(temporary, { force: true });
  }
};

const busy = (folder: string, { pid, host }: ProcessMark): VaelabError =>
  new VaelabError("RUN_BUSY", {
    message: `process ${pid} on ${host} is using this folder`,
    where: folder,
    remedy: `Wait for it or stop it${fateOf({ pid, host, start: null }) === "unknown" ? "; if that host is gone, delete .lock-* in this folder" : ""}.`,
  });

/** @throws RUN_BUSY naming the process that uses the folder; NOT_WRITABLE. */
export const acquireLock = (folder: string): Lock => {
  const mark = canonicalJson(ownMark());
  for (;;) {
    const newest = generations(folder)[0] ?? 0;
    const holder = holderIn(folder, newest);
    if (holder && fateOf(holder) !== "gone") throw busy(folder, holder);
    const own = newest + 1;
    if (!createExclusively(pathOf(folder, own), `${mark}\n`)) continue;
    const [highest, ...older] = generations(folder);
    if (highest !== own) {
      rmSync(pathOf(folder, own), { force: true });
      continue;
    }
    for (const generation of older) rmSync(pathOf(folder, generation), { force: true });
    cleanAttempts(folder);
    let held = true;
    return {
      release: () => {
        if (held) writeFileAtomically(pathOf(folder, own), `${canonicalJson({ released: true })}\n`);
        held = false;
      },
    };
  }
};
