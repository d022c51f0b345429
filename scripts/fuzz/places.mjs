/** Places of the file system that a careless reader hangs on, leaves its folder by, or reads for ever. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostileText } from "./values.mjs";

/** A word of the files outside the given folder, which no command may show. */
export const SECRET = "KEEP-THIS-OUTSIDE";

export const pipe = (path) => {
  if (spawnSync("mkfifo", [path]).status !== 0) throw new Error(`mkfifo ${path} failed`);
};

/** Puts something else in a file's or a folder's place. @param outside a folder that is none of the command's business */
export const usurp = (random, path, outside) => {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  random.pick([
    () => {},
    () => mkdirSync(path),
    () => symlinkSync(join(outside, "secret.txt"), path),
    () => symlinkSync(outside, path),
    () => symlinkSync("/dev/zero", path),
    () => symlinkSync("/proc/self/mem", path),
    () => symlinkSync(path, path),
    () => symlinkSync("missing", path),
    () => pipe(path),
    () => writeFileSync(path, ""),
    () => writeFileSync(path, random.bytes(random.int(1, 5000))),
    () => writeFileSync(path, hostileText(random)),
    // It takes no room on the disk, and reads as zeros.
    () => {
      writeFileSync(path, "");
      truncateSync(path, random.pick([2 ** 20, 2 ** 28, 2 ** 33]));
    },
  ])();
};

/** Paths that a spec or a run folder may name. */
export const PATHS = [
  "/dev/zero",
  "/dev/random",
  "/dev/stdin",
  "/dev/tty",
  "/proc/self/mem",
  "/proc/self/fd/0",
  "/proc/kmsg",
  "/etc/passwd",
  "/",
  ".",
  "..",
  "pipe",
  "loop",
  "empty",
  "folder",
  "missing",
  "~",
  "spec.json",
  "../../outside/secret.txt",
  "../../outside",
  "x\u0000y",
  `${"a/".repeat(3000)}b`,
  "a".repeat(300),
];

/** What some of PATHS name. */
export const makePlaces = (folder) => {
  pipe(join(folder, "pipe"));
  symlinkSync("loop", join(folder, "loop"));
  writeFileSync(join(folder, "empty"), "");
  mkdirSync(join(folder, "folder"));
};
