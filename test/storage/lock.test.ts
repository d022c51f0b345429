import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { acquireLock, lockHolder } from "../../src/storage/lock.js";
import { fateOf, ownMark } from "../../src/storage/processes.js";
import { errorOf } from "../support/error-of.js";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "vaelab-lock-"));
const script = join(newFolder(), "holder.mjs");
buildSync({
  entryPoints: [join(import.meta.dirname, "lock-holder.ts")],
  outfile: script,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "error",
});

const UNSHARE = ["--user", "--pid", "--fork", "--mount-proc"];
const canUnshare = spawnSync("unshare", [...UNSHARE, "true"]).status === 0;

const start = (folder: string, moment = 0): { child: ChildProcess; said: Promise<string>; ended: Promise<unknown> } => {
  const child = spawn(process.execPath, [script, folder, String(moment)], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const said = new Promise<string>((resolve) => child.stdout.once("data", (data) => resolve(String(data).trim())));
  return { child, said, ended };
};

describe("the lock of a folder", () => {
  it("is refused while a live process holds it, and free once that one was killed", async () => {
    const folder = newFolder();
    const { child, said, ended } = start(folder);
    expect(await said).toBe("held");
    const error = errorOf(() => acquireLock(folder));
    expect(error).toMatchObject({
      code: "RUN_BUSY",
      problems: [{ where: folder, message: `process ${child.pid} on ${hostname()} is using this folder` }],
    });
    expect(lockHolder(folder)?.pid).toBe(child.pid);
    child.kill("SIGKILL");
    await ended;
    expect(lockHolder(folder)).toBeUndefined();
    acquireLock(folder).release();
  });

  it("is refused to a second run of the same process, and given again after a release", () => {
    const folder = newFolder();
    for (let round = 0; round < 3; round++) {
      const lock = acquireLock(folder);
      expect(errorOf(() => acquireLock(folder)).code).toBe("RUN_BUSY");
      lock.release();
      expect(lockHolder(folder)).toBeUndefined();
    }
    expect(readdirSync(folder)).toEqual([".lock-3"]);
  });

  it("is released in place, so that a kill leaves no file that a finished run would keep", () => {
    const folder = newFolder();
    const lock = acquireLock(folder);
    const { ino } = statSync(join(folder, ".lock-1"));
    lock.release();
    expect(statSync(join(folder, ".lock-1")).ino).toBe(ino);
    expect(lockHolder(folder)).toBeUndefined();
    // Cut off in the middle.
    for (const content of ["", '{"rel']) {
      writeFileSync(join(folder, ".lock-1"), content);
      expect(lockHolder(folder)).toBeUndefined();
    }
    acquireLock(folder).release();
    expect(readdirSync(folder)).toEqual([".lock-2"]);
  });
  it("released late does not take it from who holds it now", () => {
    const folder = newFolder();
    const first = acquireLock(folder);
    first.release();
    acquireLock(folder);
    first.release();
    expect(errorOf(() => acquireLock(folder)).code).toBe("RUN_BUSY");
  });

  it("is taken over from a process whose number was given out again", () => {
    const folder = newFolder();
    writeFileSync(join(folder, ".lock-4"), JSON.stringify({ ...ownMark(), start: "another boot 1" }));
    acquireLock(folder);
    expect(readdirSync(folder)).toEqual([".lock-5"]);
  });

  it("of another host is respected, for its processes cannot be seen", () => {
    const folder = newFolder();
    writeFileSync(join(folder, ".lock-1"), JSON.stringify({ pid: 1, host: "elsewhere", start: "x" }));
    expect(errorOf(() => acquireLock(folder)).message).toBe(
      `${folder}  process 1 on elsewhere is using this folder. Wait for it or stop it; if that host is gone, delete .lock-* in this folder.`,
    );
  });

  it("of another PID namespace is respected, whatever runs under its number here", () => {
    const folder = newFolder();
    const elsewhere = { ...ownMark(), namespace: "pid:[1]", pid: 2 ** 22 + 1 };
    writeFileSync(join(folder, ".lock-1"), JSON.stringify(elsewhere));
    expect(errorOf(() => acquireLock(folder)).message).toBe(
      `${folder}  process 4194305 on ${hostname()} is using this folder. Wait for it or stop it; if it ran in a container or on a machine of that name that is gone, delete .lock-* in this folder.`,
    );
    expect(readdirSync(folder)).toEqual([".lock-1"]);
  });

  it("of a version that wrote neither boot nor namespace is respected", () => {
    const folder = newFolder();
    writeFileSync(join(folder, ".lock-1"), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), start: "b 1" }));
    expect(errorOf(() => acquireLock(folder)).code).toBe("RUN_BUSY");
  });

  it.runIf(canUnshare)("is held against a process of another PID namespace that cannot see the holder", async () => {
    const folder = newFolder();
    acquireLock(folder);
    const other = spawnSync("unshare", [...UNSHARE, process.execPath, script, folder], { encoding: "utf8" });
    expect(other.stdout).toMatch(/^RUN_BUSY /);
  });

  it("whose number is the last one is refused rather than waited for", () => {
    const folder = newFolder();
    writeFileSync(join(folder, ".lock-999999999"), JSON.stringify({ released: true }));
    expect(errorOf(() => acquireLock(folder))).toMatchObject({
      code: "RUN_FOLDER",
      problems: [
        { where: folder, message: "no lock can follow .lock-999999999", remedy: "Delete .lock-* in this folder." },
      ],
    });
  });

  it("goes to exactly one of many that find it stale at the same moment", async () => {
    for (let round = 0; round < 4; round++) {
      const folder = newFolder();
      writeFileSync(join(folder, ".lock-1"), JSON.stringify({ ...ownMark(), start: "another boot 1" }));
      const moment = Date.now() + 600;
      const runs = Array.from({ length: 8 }, () => start(folder, moment));
      const said = await Promise.all(runs.map((run) => run.said));
      expect(said.filter((line) => line === "held")).toHaveLength(1);
      expect(said.filter((line) => line.startsWith("RUN_BUSY"))).toHaveLength(7);
      for (const { child } of runs) child.stdin?.end();
      await Promise.all(runs.map((run) => run.ended));
      expect(readdirSync(folder)).toEqual([".lock-2"]);
    }
  });

  it("says where it cannot be made", () => {
    expect(errorOf(() => acquireLock(join(newFolder(), "none"))).code).toBe("NOT_WRITABLE");
  });
});

describe("a process's fate", () => {
  it("is told apart by its start", () => {
    const own = ownMark();
    expect(fateOf(own)).toBe("alive");
    expect(fateOf({ ...own, start: `${own.start}0` })).toBe("gone");
    expect(fateOf({ ...own, pid: 2 ** 22 + 1 })).toBe("gone");
    expect(fateOf({ ...own, host: "elsewhere" })).toBe("unknown");
  });
  it("is unknown in another PID namespace or boot, unless this machine itself was started again", () => {
    const own = ownMark();
    const gone = { ...own, pid: 2 ** 22 + 1 };
    expect(fateOf({ ...gone, namespace: "pid:[1]" })).toBe("unknown");
    expect(fateOf({ ...gone, namespace: null })).toBe("unknown");
    expect(fateOf({ ...gone, boot: "another", machine: "another" })).toBe("unknown");
    expect(fateOf({ ...gone, boot: "another", namespace: "pid:[1]" })).toBe("unknown");
    expect(fateOf({ ...gone, boot: null })).toBe("unknown");
    const restarted = own.machine !== null && own.namespace === "pid:[4026531836]";
    expect(fateOf({ ...own, boot: "another" })).toBe(restarted ? "gone" : "unknown");
  });
  it("of another user is no secret: the system refuses the signal, not the question", () => {
    expect(fateOf({ ...ownMark(), pid: 1, start: null })).toBe("alive");
  });
});
