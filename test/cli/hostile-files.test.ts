/** What a spec or a received folder names may be a pipe, a device, or unreadable: one line that says so, at once. */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { npyHeader } from "../../src/storage/npy.js";
import { buildOnce, folderOf, SMALL, vaelab, vaelabProcess } from "./command.js";

const shared = mkdtempSync(join(tmpdir(), "vaelab-cli-files-"));
afterAll(() => rmSync(shared, { recursive: true, force: true }));
beforeAll(async () => {
  buildOnce();
  writeFileSync(join(shared, "small.json"), JSON.stringify(SMALL));
  const { code, stderr } = await vaelab(["run", "small.json", "--out", "done"], { cwd: shared });
  expect(code, stderr).toBe(0);
});

const pipeIn = (folder: string, name: string): void => {
  execFileSync("mkfifo", [join(folder, name)]);
};
const PIPE = "this is a pipe, not a regular file";
const DEVICE = "this is a device, not a regular file";

describe("is refused at once", () => {
  const refused = async (folder: string, args: string[], line: string): Promise<void> => {
    const started = performance.now();
    expect(await vaelab(args, { cwd: folder })).toMatchObject({ code: 2, stdout: "", stderr: `${line}\n` });
    expect(performance.now() - started).toBeLessThan(5000);
  };
  test.each([
    ["/dev/zero", DEVICE],
    ["pipe", PIPE],
  ])("the spec %s", async (name, reason) => {
    const folder = folderOf();
    pipeIn(folder, "pipe");
    for (const command of ["validate", "run", "config", "plan"])
      await refused(folder, [command, name], `${name} cannot be read: ${reason}`);
  });
  test.each([
    ["/dev/zero", DEVICE],
    ["./pipe", PIPE],
  ])("%s, which a spec extends or loads", async (name, reason) => {
    const folder = folderOf({ "a.json": { ...SMALL, extends: [name] }, "b.json": { ...SMALL, plugins: [name] } });
    pipeIn(folder, "pipe");
    const path = name.replace("./", "");
    await refused(folder, ["validate", "a.json"], `a.json:37  /extends/0  ${path} cannot be read: ${reason}`);
    await refused(
      folder,
      ["validate", "b.json"],
      `b.json:37  /plugins/0  the plugin ${path} cannot be read: ${reason}`,
    );
    await refused(
      folder,
      ["list", "--plugin", name],
      `--plugin ${name}  /plugins/0  the plugin ${path} cannot be read: ${reason}`,
    );
  });
  test("a package whose entry is a pipe", async () => {
    const folder = folderOf({ "a.json": { ...SMALL, plugins: ["vae-pipe"] } });
    const home = join(folder, "node_modules", "vae-pipe");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), JSON.stringify({ name: "vae-pipe", main: "pipe" }));
    pipeIn(home, "pipe");
    await refused(
      folder,
      ["validate", "a.json"],
      `a.json:37  /plugins/0  the plugin node_modules/vae-pipe/pipe cannot be read: ${PIPE}`,
    );
  });
});

test.skipIf(process.geteuid?.() !== 0)("a spec without permission", async () => {
  const folder = folderOf({ "a.json": SMALL });
  chmodSync(join(folder, "a.json"), 0o600);
  chmodSync(folder, 0o755);
  const nobody = 65534;
  const { code, stderr } = await vaelabProcess(["validate", "a.json"], { cwd: folder, uid: nobody });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "a.json cannot be read: permission denied\n",
  });
});

/** Claims 6 GiB of float32 in a few MB: deflated zeros under an honest header. */
const bomb = (): Uint8Array => {
  const rows = 2 ** 26;
  const zeros = new Uint8Array(2 ** 28);
  return zipSync(
    {
      "projection.npy": Buffer.concat([npyHeader("<f4", [rows, 1]), zeros]),
      "codes.npy": Buffer.concat([npyHeader("<f4", [rows, 1]), zeros]),
    },
    { level: 1 },
  );
};

describe("report: a file of the run that cannot be read is a line in the page", () => {
  test.each<[string, (run: string) => void, string]>([
    [
      "a log that is a link to a device",
      (run) => symlinkSync("/dev/zero", join(run, "history.jsonl")),
      "history.jsonl cannot be read: &quot;history.jsonl&quot; leads outside this folder: history.jsonl is a link to a place outside",
    ],
    ["a spec that is a pipe", (run) => pipeIn(run, "resolved.json"), `resolved.json cannot be read: ${PIPE}`],
    [
      "figures that are a folder",
      (run) => mkdirSync(join(run, "metrics.json")),
      "metrics.json cannot be read: this is a folder, but a file is needed",
    ],
    [
      "codes that inflate to 512 MiB",
      (run) => writeFileSync(join(run, "samples", "latents.npz"), bomb()),
      "latents.npz cannot be read: it decompresses to 512.0 MiB, more than the limit of 256.0 MiB",
    ],
  ])("%s", async (_, damage, line) => {
    const folder = folderOf();
    const run = join(folder, "run");
    cpSync(join(shared, "done"), run, { recursive: true });
    const name = /^[\w.]+/.exec(line)![0];
    rmSync(join(run, name === "latents.npz" ? `samples/${name}` : name));
    damage(run);
    const started = performance.now();
    expect(await vaelab(["report", "run"], { cwd: folder })).toMatchObject({ code: 0, stderr: "" });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(readFileSync(join(run, "report.html"), "utf8")).toContain(line);
  });
  test("evaluations that are a file", async () => {
    const folder = folderOf();
    cpSync(join(shared, "done"), join(folder, "run"), { recursive: true });
    writeFileSync(join(folder, "run", "evaluations"), "");
    expect(await vaelab(["report", "run"], { cwd: folder })).toMatchObject({ code: 0, stderr: "" });
    const page = readFileSync(join(folder, "run", "report.html"), "utf8");
    expect(page).toContain("evaluations cannot be read: this is a file, but a folder is needed");
  });
});
