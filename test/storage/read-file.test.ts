/** Files that a spec or a received folder may name: what is read, what is refused, and that nothing is waited for. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readBytes, readFolder, statsOf, systemReason } from "../../src/storage/read-file.js";
import { errorOf } from "../support/error-of.js";
import { asOrdinaryUser } from "../support/ordinary-user.js";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "vaelab-read-"));
const refusalOf = (path: string, limit?: number): [code: string, message: string, where: string | undefined] => {
  const { code, problems } = errorOf(() => readBytes(path, limit));
  return [code, problems[0]!.message, problems[0]!.where];
};

describe("readBytes", () => {
  test("gives the whole file, empty ones and those of /proc too", () => {
    const folder = newFolder();
    const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
    writeFileSync(join(folder, "a"), content);
    expect(readBytes(join(folder, "a")).equals(content)).toBe(true);
    writeFileSync(join(folder, "empty"), "");
    expect(readBytes(join(folder, "empty"))).toHaveLength(0);
    if (process.platform === "linux") expect(readBytes("/proc/self/status").toString()).toMatch(/^Name:\t/);
  });

  test("follows a link to a regular file", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "a"), "content");
    symlinkSync(join(folder, "a"), join(folder, "link"));
    expect(readBytes(join(folder, "link")).toString()).toBe("content");
  });

  test.skipIf(process.platform === "win32")("refuses what is no regular file, without waiting for it", async () => {
    const folder = newFolder();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync(join(folder, "pipe"), join(folder, "link"));
    const server = createServer().listen(join(folder, "socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    for (const [name, what] of [
      [join(folder, "pipe"), "this is a pipe, not a regular file"],
      [join(folder, "link"), "this is a pipe, not a regular file"],
      [join(folder, "socket"), "this is a socket, not a regular file"],
      ["/dev/zero", "this is a device, not a regular file"],
      [folder, "this is a folder, but a file is needed"],
    ] as const)
      expect(refusalOf(name)).toEqual(["NOT_READABLE", what, name]);
    server.close();
  });

  test("stops at the limit, of a file that does not say its size too", () => {
    const path = join(newFolder(), "large");
    writeFileSync(path, "");
    truncateSync(path, 2 ** 40);
    const message = "it is larger than the limit of 2.0 MiB";
    expect(refusalOf(path, 2 ** 21)).toEqual(["NOT_READABLE", message, path]);
    // Without a limit, more than the machine's memory is not asked for.
    expect(refusalOf(path)[1]).toMatch(/^it is larger than the limit of \d+\.\d GiB$/);
    if (existsSync("/proc/self/pagemap"))
      expect(refusalOf("/proc/self/pagemap")[1]).toBe("it is larger than the limit of 16.0 MiB");
  });

  test("says why the system refuses", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    chmodSync(join(folder, "file"), 0o200);
    symlinkSync(join(folder, "circle"), join(folder, "circle"));
    expect(refusalOf(join(folder, "none"))).toEqual(["NOT_FOUND", "there is no such file", join(folder, "none")]);
    expect(refusalOf(join(folder, "file", "x"))[0]).toBe("NOT_FOUND");
    expect(refusalOf(join(folder, "circle"))[1]).toBe("its symbolic links form a loop");
    expect(refusalOf(join(folder, "x".repeat(300)))[1]).toBe("its name is too long");
    expect(refusalOf(join(folder, "a\0b"))).toEqual([
      "NOT_READABLE",
      "file names cannot contain a NUL character",
      join(folder, "a\0b"),
    ]);
    expect(asOrdinaryUser(folder, () => refusalOf(join(folder, "file")))).toEqual([
      "NOT_READABLE",
      "permission denied",
      join(folder, "file"),
    ]);
  });

  test("says what else system error by its code, and leaves a program's own errors alone", () => {
    const error = Object.assign(new Error("ESTALE: stale file handle, read"), { code: "ESTALE", syscall: "read" });
    expect(systemReason(error)).toBe("it cannot be read: system error ESTALE");
    expect(systemReason(Object.assign(error, { code: "EMFILE" }))).toBe("this process has too many files open");
    expect(systemReason(Object.assign(new TypeError("x"), { code: "ERR_INVALID_ARG_TYPE" }))).toBeUndefined();
  });
});

describe("statsOf", () => {
  test("gives what stands at a path, and nothing for paths that the system refuses", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "abc");
    symlinkSync("circle", join(folder, "circle"));
    expect(statsOf(join(folder, "file"))?.size).toBe(3);
    for (const name of ["none", "file/below", "circle", "circle/below", "x".repeat(300), "a\0b"])
      expect(statsOf(join(folder, name))).toBeUndefined();
  });
  test("passes on the errors of a program", () => {
    expect(() =>
      statsOf("a", () => {
        throw new TypeError("mine");
      }),
    ).toThrow("mine");
  });
});

describe("readFolder", () => {
  test("gives the names, none where there is no folder, and refuses a file", () => {
    const folder = newFolder();
    mkdirSync(join(folder, "a"));
    writeFileSync(join(folder, "b"), "");
    expect(readFolder(folder).sort()).toEqual(["a", "b"]);
    expect(readFolder(join(folder, "none"))).toEqual([]);
    expect(errorOf(() => readFolder(join(folder, "b")))).toMatchObject({
      code: "NOT_READABLE",
      problems: [{ message: "this is a file, but a folder is needed", where: join(folder, "b") }],
    });
  });
});
