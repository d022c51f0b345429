/** run, resume, sample, reconstruct and report: exit codes, what is printed where, and Ctrl-C. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildOnce, CLI, folderOf, SMALL, startVaelab, vaelab, vaelabProcess } from "./command.js";

const shared = mkdtempSync(join(tmpdir(), "vaelab-cli-run-"));
afterAll(() => rmSync(shared, { recursive: true, force: true }));
const inShared = (args: readonly string[]) => vaelab(args, { cwd: shared });

beforeAll(async () => {
  buildOnce();
  writeFileSync(join(shared, "small.json"), JSON.stringify(SMALL));
  const { code, stdout, stderr } = await vaelabProcess(["run", "small.json", "--out", "done"], {
    cwd: shared,
  });
  expect(code, stderr).toBe(0);
  // Results on stdout, progress on stderr; nobody is there to see a bar.
  expect(stdout).toMatch(/^ELBO /m);
  expect(stdout).toContain(`report: ${join(shared, "done", "report.html")}`);
  expect(stderr).toMatch(
    /^epoch 1\/1 {2}\| {2}train {2}loss \S+ {2}distortion \S+ {2}rate \S+ {2}gradient norm \S+ {2}beta \S+ {2}\| {2}validation {2}loss \S+ {2}distortion \S+ {2}rate \S+$/m,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that colors and bars begin with
  expect(stdout + stderr).not.toMatch(/\u001b/);
});

describe("a finished run", () => {
  test("is finished when it is resumed", async () => {
    const before = readFileSync(join(shared, "done", "history.jsonl"), "utf8");
    expect(await inShared(["resume", "done"])).toMatchObject({ code: 0 });
    expect(readFileSync(join(shared, "done", "history.jsonl"), "utf8")).toBe(before);
  });
  test("is not written over", async () => {
    const { code, stderr } = await inShared(["run", "small.json", "--out", "done"]);
    expect(code).toBe(2);
    expect(stderr).toContain("done  the folder is not empty: it holds a run. Continue it with");
  });
  test("can be sampled from and reconstructed with, to where it is said", async () => {
    for (const command of ["sample", "reconstruct"]) {
      const { code, records, stderr } = await inShared([command, "done", "--count", "8", "--out", command, "--json"]);
      expect(code, stderr).toBe(0);
      const [last] = records().filter(({ type }) => type === "files");
      const files = (last?.files ?? []) as string[];
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        expect(file.startsWith(join(shared, command))).toBe(true);
        expect(existsSync(file)).toBe(true);
      }
    }
  });
  test("can be walked through, encoded and scored again", { timeout: 180_000 }, async () => {
    const files: Record<string, string[]> = {
      "way.png": ["interpolate", "done", "--from", "0", "--to", "3", "--walk", "slerp", "--out", "way.png"],
      "around.png": ["traverse", "done", "--dimension", "0", "1", "--steps", "3", "--out", "around.png"],
      "codes.csv": ["encode", "done", "--split", "train", "--out", "codes.csv"],
    };
    for (const [file, args] of Object.entries(files)) {
      const { code, stdout, stderr } = await inShared(args);
      expect(code, stderr).toBe(0);
      expect(stdout.split("\n")[0]).toBe(join(shared, file));
      expect(existsSync(join(shared, file))).toBe(true);
    }
    expect(readFileSync(join(shared, "codes.csv"), "utf8").trimEnd().split("\n")).toHaveLength(257);
    const scored = await inShared(["evaluate", "done", "--metric", "active-units", "--json"]);
    expect(scored.code, scored.stderr).toBe(0);
    expect(scored.records().at(-1)).toMatchObject({
      type: "evaluation",
      folder: join(shared, "done", "evaluations", "1"),
      measurements: { activeUnits: { n: 64 } },
    });
  });
  test("is left alone where a command was given something wrong", { timeout: 180_000 }, async () => {
    const wrong = [
      ["interpolate", "done", "--from", "0"],
      ["traverse", "done", "--dimension", "2"],
      ["traverse", "done", "--range", "0"],
      ["encode", "done", "--out", "codes.tsv"],
      ["evaluate", "done", "--set", "seed=2"],
    ];
    for (const args of wrong) {
      const { code, stdout, stderr } = await inShared(args);
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: "" });
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  });
  test("gets its report anew", async () => {
    const report = join(shared, "done", "report.html");
    rmSync(report);
    const { code, stdout } = await inShared(["report", "done"]);
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: expect.stringMatching(/done\/report\.html$/) });
    expect(readFileSync(report, "utf8")).toMatch(/^<!doctype html>/i);
  });
});

describe("what is no run", () => {
  test.each([
    ["resume", ["resume"]],
    ["report", ["report"]],
    ["sample", ["sample"]],
    ["reconstruct", ["reconstruct"]],
    ["interpolate", ["interpolate", "--from", "0", "--to", "1"]],
    ["traverse", ["traverse"]],
    ["encode", ["encode"]],
    ["evaluate", ["evaluate"]],
  ])("%s of a folder that is not there, or holds something else, exits with 2", async (_, args) => {
    const folder = folderOf({ "note.txt": "not a run" });
    expect(await vaelab([...args, join(folder, "none")])).toMatchObject({ code: 2, stdout: "" });
    const other = await vaelab([...args, folder]);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain(folder);
  });
  test("a spec that is wrong starts nothing", async () => {
    const folder = folderOf({ "bad.json": { ...SMALL, sead: 3 } });
    const { code, stderr } = await vaelab(["run", "bad.json"], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^bad\.json:\d+ {2}\/sead .*"seed"/);
    expect(existsSync(join(folder, "runs"))).toBe(false);
  });
});

describe("a sweep", () => {
  test("prints the table by setting and the path of the report", { timeout: 180_000 }, async () => {
    const folder = folderOf({
      "sweep.json": { ...SMALL, sweep: { grid: { "objective.beta": [0.5, 2] }, seeds: [1, 2] } },
    });
    const { code, stdout, stderr } = await vaelab(["run", "sweep.json", "--engine", "auto"], { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^beta +.*rate/m);
    expect(stdout).toMatch(/^ *0\.5 +2 /m);
    expect(stdout).toMatch(/^ *2 +2 /m);
    expect(stdout).toMatch(/report: .*\/sweeps\/small-[0-9a-f]+\/report\.html\n$/);
    expect(stderr).toMatch(/^trial 1\/4 .*objective\.beta=0\.5 .*started$/m);
    expect(stderr).toMatch(/^trial 4\/4 .*objective\.beta=2 .*finished in /m);
  });
});

/** Resolves once the run's first epoch has been told. */
const firstEpoch = (child: ReturnType<typeof startVaelab>): Promise<void> =>
  new Promise((resolve, reject) => {
    let seen = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      if (/^epoch +1\//m.test(seen)) resolve();
    });
    child.on("close", () => reject(new Error(`it ended before its first epoch did:\n${seen}`)));
  });
const ending = (child: ReturnType<typeof startVaelab>): Promise<{ code: number | null; signal: string | null }> =>
  new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));

describe.runIf(existsSync("/dev/full"))("a full disk under what is printed", () => {
  const startInto = (args: readonly string[], stdout: string, stderr: string): Promise<number | null> =>
    new Promise((resolve) => {
      const streams = [openSync(stdout, "w"), openSync(stderr, "w")];
      const child = spawn(process.execPath, [CLI, ...args], { cwd: shared, stdio: ["ignore", ...streams] });
      child.on("close", (code) => {
        for (const stream of streams) closeSync(stream);
        resolve(code);
      });
    });
  test.each([["1"], ["2"]])("ends neither a run nor a sweep of %s trials at once", async (jobs) => {
    const out = `unheard-${jobs}`;
    const args = ["run", "small.json", "--set", "sweep.seeds=[1,2]", "--out", out, "--jobs", jobs];
    expect(await startInto(args, "/dev/full", "/dev/full")).toBe(0);
    expect(
      readFileSync(join(shared, out, "summary.csv"), "utf8")
        .trimEnd()
        .split("\n"),
    ).toHaveLength(3);
  });
  test("is told on stderr where results are lost", async () => {
    const log = join(shared, "log.txt");
    expect(await startInto(["list"], "/dev/full", log)).toBe(0);
    expect(readFileSync(log, "utf8")).toBe("cannot write to stdout (ENOSPC): output is lost\n");
  });
});

describe.each(["SIGINT", "SIGHUP"] as const)("%s during a run", (signal) => {
  const LONG = { ...SMALL, training: { ...SMALL.training, epochs: 2000 } };

  test("leaves a checkpoint, says how to go on, and exits with 75", async () => {
    const folder = folderOf({ "long.json": LONG });
    const child = startVaelab(["run", "long.json", "--out", "run"], { cwd: folder });
    let stderr = "";
    child.stderr.on("data", (text: string) => {
      stderr += text;
    });
    await firstEpoch(child);
    child.kill(signal);
    expect(await ending(child)).toEqual({ code: 75, signal: null });
    expect(stderr).toContain(`${signal}: writing a checkpoint before stopping`);
    expect(stderr).toMatch(new RegExp(`Continue with: vaelab resume ${join(folder, "run")}$`, "m"));
    const status = JSON.parse(readFileSync(join(folder, "run", "status.json"), "utf8")) as {
      state: string;
      step: number;
    };
    expect(status).toMatchObject({ state: "interrupted", exit: 75 });
    expect(readFileSync(join(folder, "run", "checkpoints", "LATEST"), "utf8").split(" ")[0]).toBe(
      `step-${status.step}`,
    );
  });
});
