import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { assertContained, inside } from "../../src/storage/inside.js";
import { errorOf } from "../support/error-of.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-inside-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const outside = join(root, "outside");
mkdirSync(outside);
const newFolder = (): string => mkdtempSync(join(root, "f-"));

describe("a path inside a folder", () => {
  test("is joined to it, whether or not anything is there", () => {
    const folder = newFolder();
    mkdirSync(join(folder, "trials", "0a"), { recursive: true });
    expect(inside(folder, "trials/0a/attempt-1")).toBe(join(folder, "trials", "0a", "attempt-1"));
    expect(inside(folder, "./trials//0a/..b")).toBe(join(folder, "trials", "0a", "..b"));
    writeFileSync(join(folder, "file"), "");
    expect(inside(folder, "file/attempt-1")).toBe(join(folder, "file", "attempt-1"));
    expect(inside(folder, `${"x".repeat(300)}/a`)).toBe(join(folder, "x".repeat(300), "a"));
    expect(inside(join(folder, "none"), "a/b")).toBe(join(folder, "none", "a", "b"));
  });
  test.each([
    ["a parent", "../outside", 'it contains ".."'],
    ["a parent on the way", "trials/../../outside", 'it contains ".."'],
    ["a parent in the other spelling", "trials\\..\\..\\outside", 'it contains ".."'],
    ["an absolute path", "/etc/passwd", "it is an absolute path"],
    ["a drive", "C:\\Windows", "it is an absolute path"],
    ["a share", "\\\\host\\share", "it is an absolute path"],
    ["a NUL", "trials\0/0a", "it contains a NUL character"],
  ])("is refused for %s", (_, path, why) => {
    const folder = newFolder();
    expect(errorOf(() => inside(folder, path))).toMatchObject({
      code: "RUN_FOLDER",
      problems: [{ where: folder, message: `${JSON.stringify(path)} leads outside this folder: ${why}` }],
    });
  });
  test("may pass a link that stays inside, also where the folder itself is a link", () => {
    const folder = newFolder();
    mkdirSync(join(folder, "real"));
    symlinkSync("real", join(folder, "link"));
    symlinkSync(folder, `${folder}-alias`);
    expect(inside(folder, "link/x")).toBe(join(folder, "link", "x"));
    expect(inside(`${folder}-alias`, "link/x")).toBe(join(`${folder}-alias`, "link", "x"));
  });
  test.each([
    ["outside", () => outside, "samples is a link to a place outside"],
    ["nothing", () => join(outside, "none"), "samples is a broken link"],
    ["itself", (folder: string) => join(folder, "samples"), "samples is a broken link"],
    [
      "a sibling whose name begins as the folder's",
      (folder: string) => `${folder}-sibling`,
      "samples is a link to a place outside",
    ],
  ])("is refused through a link to %s", (_, targetIn, why) => {
    const folder = newFolder();
    mkdirSync(`${folder}-sibling`);
    symlinkSync(targetIn(folder), join(folder, "samples"));
    const message = errorOf(() => inside(folder, "samples/a.png")).problems[0]!.message;
    expect(message.replace('"samples/a.png" leads outside this folder: ', "")).toBe(why);
  });
});

test.each(["samples", "checkpoints", "evaluations", "history.jsonl", "log.txt"])(
  "a run whose %s is a link to a place outside is not contained",
  (name) => {
    const folder = newFolder();
    const target = join(outside, name);
    writeFileSync(target, "");
    expect(() => assertContained(folder)).not.toThrow();
    symlinkSync(target, join(folder, name));
    expect(errorOf(() => assertContained(folder)).code).toBe("RUN_FOLDER");
  },
);
