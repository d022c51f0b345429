/** A received run whose folder has links in it: nothing is written, cut or deleted where they lead. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeRun, evaluateRun, sampleRun } from "../../../src/experiments/index.js";
import { writeReport } from "../../../src/report/index.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { RESTART } from "../support/restart-spec.js";
import { copyOf, newFolder, refusalOf, resumeIn, runIn } from "../support/runs.js";

let finished: string;
beforeAll(async () => {
  finished = await runIn({ ...RESTART, evaluation: { metrics: ["elbo"], refit: { epochs: 0 } } });
});

/** A copy whose entry was moved elsewhere, a link in its place. */
const linked = (name: string): { run: string; elsewhere: string } => {
  const run = copyOf(finished);
  const elsewhere = join(dirname(newFolder()), name);
  if (existsSync(join(run, name))) renameSync(join(run, name), elsewhere);
  else mkdirSync(elsewhere);
  symlinkSync(elsewhere, join(run, name));
  return { run, elsewhere };
};
const copied = (path: string): string => {
  const copy = `${path}-before`;
  cpSync(path, copy, { recursive: true });
  return copy;
};

describe("resuming a run", () => {
  test.each(["samples", "checkpoints", "evaluations"])("whose %s/ is a link writes nothing there", async (name) => {
    const { run, elsewhere } = linked(name);
    const before = bytesOf(copied(elsewhere));
    const error = await refusalOf(resumeIn(run, { epochs: 4 }));
    expect(error).toMatchObject({ code: "RUN_FOLDER", exitCode: 2 });
    expect(error.problems[0]!.message).toContain(`leads outside this folder: ${name} is a link to a place outside`);
    expect(differencesBetween(before, bytesOf(elsewhere))).toEqual([]);
  });
  test.each(["history.jsonl", "log.txt"])("whose %s is a link does not cut what it names", async (name) => {
    const { run, elsewhere } = linked(name);
    const before = readFileSync(elsewhere, "utf8");
    rmSync(join(run, "checkpoints"), { recursive: true });
    expect((await refusalOf(resumeIn(run, { epochs: 4 }))).code).toBe("RUN_FOLDER");
    expect(readFileSync(elsewhere, "utf8")).toBe(before);
  });
});

describe("a run whose files are not regular", () => {
  test.each([
    ["history.jsonl", "this is a pipe, not a regular file"],
    ["log.txt", "this is a pipe, not a regular file"],
  ])("%s: %s, and nobody waits for it", async (name, message) => {
    const run = copyOf(finished);
    rmSync(join(run, name));
    execFileSync("mkfifo", [join(run, name)]);
    const problem = { where: join(run, name), message };
    expect(await refusalOf(resumeIn(run, { epochs: 4 }))).toMatchObject({ code: "RUN_FOLDER", problems: [problem] });
    expect(await refusalOf(evaluateRun({ run }))).toMatchObject({ code: "RUN_FOLDER", problems: [problem] });
    const page = readFileSync(await writeReport(run), "utf8");
    expect(page.includes("history.jsonl cannot be read: this is a pipe")).toBe(name === "history.jsonl");
  });
  test("a folder in the place of the log", async () => {
    const run = copyOf(finished);
    rmSync(join(run, "log.txt"));
    mkdirSync(join(run, "log.txt"));
    const { code, problems } = await refusalOf(resumeIn(run, { epochs: 4 }));
    expect([code, problems[0]!.message]).toEqual(["RUN_FOLDER", "this is a folder, but a file is needed"]);
  });
});

describe("looking at a run whose samples/ is a link", () => {
  test("writes nothing there unless --out says so", async () => {
    const { run, elsewhere } = linked("samples");
    const before = bytesOf(copied(elsewhere));
    expect((await refusalOf(sampleRun({ run, count: 2 }))).code).toBe("RUN_FOLDER");
    expect((await refusalOf(encodeRun({ run }))).code).toBe("RUN_FOLDER");
    expect((await refusalOf(evaluateRun({ run, replace: true }))).code).toBe("RUN_FOLDER");
    expect(differencesBetween(before, bytesOf(elsewhere))).toEqual([]);
    const { files } = await sampleRun({ run, count: 2, out: join(dirname(elsewhere), "mine.png") });
    expect(existsSync(files[0]!)).toBe(true);
  });
});
