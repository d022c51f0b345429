/**
 * Allows one installation at a time in a folder. The lock names its holder by process id and start time, so the lock of a
 * killed process is recognized as stale. It only avoids double work: finished engines and wheels appear by a single rename.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MILLISECONDS = 200;

/** A process's start in clock ticks since boot (proc(5), field 22 of stat), or undefined when there is no such process. */
const startOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
};

/** This process, distinct from any later process with the same id. */
export const processName = (): string => `${process.pid}-${startOf(process.pid) ?? 0}`;

export const isAlive = (name: string): boolean => {
  const [pid, start] = name.split("-");
  return Number.isInteger(Number(pid)) && startOf(Number(pid)) === start;
};

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
};

/** Takes the lock if it is free. A link creates the whole file or fails, so nobody reads a half-written name. */
const take = (file: string, self: string): boolean => {
  const own = `${file}.${self}`;
  writeFileSync(own, self);
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own);
  }
};

/** Runs `work` while holding the lock. Calls `waiting` once if another process holds it. */
export const withLock = async <T>(file: string, work: () => Promise<T>, waiting: () => void = () => {}): Promise<T> => {
  const self = processName();
  let told = false;
  while (!take(file, self)) {
    const holder = readIfThere(file);
    if (holder !== undefined && !isAlive(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) waiting();
    told = true;
    await sleep(POLL_MILLISECONDS);
  }
  try {
    return await work();
  } finally {
    if (readIfThere(file) === self) rmSync(file, { force: true });
  }
};
