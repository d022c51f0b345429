/** Results computed once per data set: kept on disk, checked when read, and computed again where the file is not what was written. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import type { Cache } from "../../../src/experiments/services/services.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const noWarning = (message: string) => expect.unreachable(message);

let copies = 0;
/** The module as another process would load it: nothing is known in memory. Only this module is loaded again. */
const freshCache = async (): Promise<Cache> => {
  const path = `../../../src/experiments/evaluation/disk-cache.ts?copy=${copies++}`;
  return ((await import(path)) as { diskCache: Cache }).diskCache;
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "vaelab-disk-cache-"));
  vi.stubEnv("VAELAB_CACHE_DIR", root);
  return () => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
  };
});
const fileOf = (kind: string): string => {
  const names = readdirSync(join(root, kind));
  expect(names).toHaveLength(1);
  return join(root, kind, names[0]!);
};

test("one process computes a key once, also while it is being computed", async () => {
  const cache = await freshCache();
  const compute = vi.fn(async () => bytes("found"));
  const both = [cache.once("kind", "key", compute, noWarning), cache.once("kind", "key", compute, noWarning)];
  expect(await Promise.all(both)).toEqual([bytes("found"), bytes("found")]);
  expect(compute).toHaveBeenCalledTimes(1);
});

test("another process reads what was kept, by kind and key", async () => {
  await (await freshCache()).once("kind", "key", async () => bytes("found"), noWarning);
  const cache = await freshCache();
  const never = vi.fn(async () => bytes("again"));
  expect(Buffer.from(await cache.once("kind", "key", never, noWarning)).toString()).toBe("found");
  expect(never).not.toHaveBeenCalled();
  expect(await cache.once("kind", "other key", never, noWarning)).toEqual(bytes("again"));
  expect(await cache.once("other kind", "key", never, noWarning)).toEqual(bytes("again"));
});

test.each([
  ["a changed byte", (content: Buffer) => Buffer.concat([content.subarray(0, -1), Buffer.from("!")])],
  ["an end that is missing", (content: Buffer) => content.subarray(0, -2)],
  ["nothing in it", () => Buffer.alloc(0)],
])("a file with %s is computed and written again", async (_, damage) => {
  await (await freshCache()).once("kind", "key", async () => bytes("found"), noWarning);
  const path = fileOf("kind");
  const whole = readFileSync(path);
  writeFileSync(path, damage(whole));
  const again = vi.fn(async () => bytes("found"));
  expect(await (await freshCache()).once("kind", "key", again, noWarning)).toEqual(bytes("found"));
  expect(again).toHaveBeenCalledTimes(1);
  expect(readFileSync(fileOf("kind"))).toEqual(whole);
});

test("a failure is not kept", async () => {
  const cache = await freshCache();
  const failing = cache.once("kind", "key", () => Promise.reject(new Error("no")), noWarning);
  await expect(failing).rejects.toThrow("no");
  expect(existsSync(join(root, "kind"))).toBe(false);
  expect(await cache.once("kind", "key", async () => bytes("found"), noWarning)).toEqual(bytes("found"));
});

test("a folder that cannot be written warns, and the result is there all the same", async () => {
  // A file in the folder's place stops root as well.
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "kind"), "");
  chmodSync(join(root, "kind"), 0o400);
  const warnings: string[] = [];
  const cache = await freshCache();
  expect(
    await cache.once(
      "kind",
      "key",
      async () => bytes("found"),
      (message) => warnings.push(message),
    ),
  ).toEqual(bytes("found"));
  expect(warnings).toHaveLength(1);
});
