import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isAlive, processName, withLock } from "../../../src/engine/native/lock.js";
import { type Program, program } from "../../support/process.js";

let scratch: string;
let lock: string;
let holder: Program;
beforeAll(async () => {
  holder = await program(`
    import { appendFileSync } from "node:fs";
    import { withLock } from "./src/engine/native/lock.js";
    const [lock, log, milliseconds] = process.argv.slice(2);
    await withLock(lock!, async () => {
      appendFileSync(log!, "+");
      console.log("held");
      await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
      appendFileSync(log!, "-");
    });`);
});
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "vaelab-lock-"));
  lock = join(scratch, "lock");
  return () => rmSync(scratch, { recursive: true });
});
afterAll(() => holder.remove());

test("is held while the work goes on, and free afterwards, also when the work fails", async () => {
  const result = await withLock(lock, async () => {
    expect(readFileSync(lock, "utf8")).toBe(processName());
    return 7;
  });
  expect(result).toBe(7);
  await expect(withLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(readdirSync(scratch)).toEqual([]);
});

test("five processes take it one after the other", async () => {
  const log = join(scratch, "log");
  await Promise.all(Array.from({ length: 5 }, () => holder.run([lock, log, "30"])));
  expect(readFileSync(log, "utf8")).toBe("+-+-+-+-+-");
});

test("is waited for while its holder lives, and taken over once it was killed", async () => {
  const child = holder.start([lock, join(scratch, "log"), "60000"]);
  await new Promise((resolve) => child.stdout!.once("data", resolve));
  let waiting = 0;
  let mine = false;
  const taken = withLock(
    lock,
    async () => {
      mine = true;
    },
    () => {
      waiting++;
    },
  );
  await sleep(500);
  expect({ waiting, mine }).toEqual({ waiting: 1, mine: false });
  child.kill("SIGKILL");
  await taken;
  expect(mine).toBe(true);
  expect(existsSync(lock)).toBe(false);
});

test("a process id that another process has now is not its holder", async () => {
  expect(isAlive(processName())).toBe(true);
  expect(isAlive(`${process.pid}-1`)).toBe(false);
  writeFileSync(lock, `${process.pid}-1`);
  expect(await withLock(lock, async () => "taken")).toBe("taken");
});
