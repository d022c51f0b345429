/** Commits as git itself gives them, and repositories whose configuration would start a program. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commitOf, diffOf } from "../../../src/experiments/runs/repository.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-repository-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const git = (folder: string, ...args: string[]): string =>
  execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
const repository = (): string => {
  const folder = mkdtempSync(join(root, "r-"));
  git(folder, "init", "--quiet", "--initial-branch", "main");
  writeFileSync(join(folder, "spec.json"), "{}\n");
  git(folder, "add", ".");
  git(folder, "commit", "--quiet", "-m", "first");
  return folder;
};

describe("the commit of a folder", () => {
  const head = (folder: string): string => git(folder, "rev-parse", "HEAD");

  test("is the branch's, as a loose or packed reference, from any folder below", () => {
    const folder = repository();
    const below = join(folder, "a", "b");
    mkdirSync(below, { recursive: true });
    expect(commitOf(below)).toBe(head(folder));
    git(folder, "pack-refs", "--all");
    expect(existsSync(join(folder, ".git", "refs", "heads", "main"))).toBe(false);
    expect(commitOf(below)).toBe(head(folder));
  });
  test("is the one that is checked out without a branch", () => {
    const folder = repository();
    git(folder, "checkout", "--quiet", "--detach");
    expect(commitOf(folder)).toBe(head(folder));
  });
  test("is a worktree's own", () => {
    const folder = repository();
    const worktree = `${folder}-worktree`;
    git(folder, "worktree", "add", "--quiet", "-b", "side", worktree);
    writeFileSync(join(worktree, "other"), "");
    git(worktree, "add", ".");
    git(worktree, "commit", "--quiet", "-m", "second");
    expect(commitOf(worktree)).toBe(head(worktree));
    expect(commitOf(worktree)).not.toBe(head(folder));
  });
  test("is null outside of a repository and before the first commit", () => {
    const folder = mkdtempSync(join(root, "r-"));
    expect(commitOf(folder)).toBeNull();
    git(folder, "init", "--quiet");
    expect(commitOf(folder)).toBeNull();
  });
  test.each([
    ["leads out of the repository", "ref: refs/../../outside"],
    ["is no reference", "ref: /etc/hostname"],
    ["holds a NUL", "ref: refs/heads/a\0b"],
    ["refers to itself", "ref: refs/heads/loop"],
    ["is no hash", "0123"],
  ])("is null where HEAD %s", (_, content) => {
    const folder = repository();
    writeFileSync(join(folder, "outside"), `${"a".repeat(40)}\n`);
    writeFileSync(join(folder, ".git", "refs", "heads", "loop"), "ref: refs/heads/loop\n");
    writeFileSync(join(folder, ".git", "HEAD"), `${content}\n`);
    expect(commitOf(folder)).toBeNull();
  });
  test("does not wait for a pipe, nor read a device", () => {
    const folder = mkdtempSync(join(root, "r-"));
    execFileSync("mkfifo", [join(folder, ".git")]);
    expect(commitOf(folder)).toBeNull();
    const other = mkdtempSync(join(root, "r-"));
    writeFileSync(join(other, ".git"), "gitdir: /dev/zero\n");
    expect(commitOf(other)).toBeNull();
  });
});

describe("a repository whose configuration names programs", () => {
  /** Each of these makes git start `touch FILE` at `git diff`, unless it is told not to. */
  const hostile = (): { folder: string; started: string } => {
    const folder = repository();
    const started = join(folder, "..", `${folder.split("/").at(-1)}-started`);
    const program = join(folder, ".git", "program.sh");
    writeFileSync(program, `#!/bin/sh\ntouch '${started}'\ncat\n`, { mode: 0o755 });
    for (const hook of ["post-index-change", "fsmonitor-watchman"])
      writeFileSync(join(folder, ".git", "hooks", hook), `#!/bin/sh\ntouch '${started}'\n`, { mode: 0o755 });
    for (const [key, value] of Object.entries({
      "core.fsmonitor": program,
      "core.hooksPath": join(folder, ".git", "hooks"),
      "diff.external": program,
      "filter.evil.clean": program,
      "filter.evil.process": program,
      "filter.evil.required": "true",
      "diff.evil.command": program,
      "diff.evil.textconv": program,
      "core.pager": program,
    }))
      git(folder, "config", key, value);
    mkdirSync(join(folder, ".git", "info"), { recursive: true });
    writeFileSync(join(folder, ".git", "info", "attributes"), "* filter=evil diff=evil\n");
    writeFileSync(join(folder, "spec.json"), '{ "secret": 1 }\n');
    return { folder, started };
  };

  test("starts them at a plain git diff, so that this test can fail", () => {
    const { folder, started } = hostile();
    try {
      git(folder, "diff", "HEAD");
    } catch {
      // The filter speaks no protocol: git gives up after it was started.
    }
    expect(existsSync(started)).toBe(true);
  });
  test("starts none when the commit is read", () => {
    const { folder, started } = hostile();
    expect(commitOf(folder)).toMatch(/^[0-9a-f]{40}$/);
    expect(existsSync(started)).toBe(false);
  });
  test("starts none when the diff is asked for, which is whole", async () => {
    const { folder, started } = hostile();
    const diff = await diffOf(folder);
    expect(diff).toMatch(/^-\{\}$/m);
    expect(diff).toMatch(/^\+\{ "secret": 1 \}$/m);
    expect(existsSync(started)).toBe(false);
  });
});

test("a diff that git does not give is an error, for it was asked for", async () => {
  const folder = mkdtempSync(join(root, "r-"));
  await expect(diffOf(folder)).rejects.toMatchObject({ code: "USAGE", problems: [{ where: folder }] });
});
