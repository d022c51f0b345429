/** A run packed and unpacked; fflate, which shares no code with the reader, makes the hostile archives. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { unzipSync, type Zippable, zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { packRun, scoreFile, unpackRun } from "../../../src/experiments/index.js";
import { openRun } from "../../../src/experiments/use/open-run.js";
import { copyOf, newFolder, refusalOf, runIn, statusOf } from "../support/runs.js";

const on = { engine: (process.env.VAELAB_TEST_ENGINE ?? "native") as "native", threads: 1 } as const;

let run: string;
let zip: string;
let files: Record<string, Uint8Array>;
beforeAll(async () => {
  const out = newFolder();
  const table = join(dirname(out), "x.csv");
  writeFileSync(table, ["u,v", ...Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 5}`)].join("\n"));
  run = await runIn(
    {
      name: "packed",
      data: { type: "csv", file: table },
      model: { latent: 1, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
      training: { epochs: 3, batchSize: 16, optimizer: { type: "adam", learningRate: 0.01 } },
      evaluation: { metrics: ["elbo"], refit: { epochs: 0 }, checkpoint: "last" },
    },
    {},
    out,
  );
  rmSync(table);
  zip = packRun({ run, out: join(dirname(run), "a.zip") }).file;
  files = unzipSync(readFileSync(zip));
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
const refusal = (work: () => unknown) => refusalOf(Promise.resolve().then(work));

describe("a packed run", () => {
  test("has the same bytes whenever and from wherever it is packed", () => {
    const copy = copyOf(run);
    writeFileSync(join(copy, "notes.txt"), "not of the run");
    expect(readFileSync(packRun({ run: copy, out: join(dirname(copy), "b.zip") }).file).equals(readFileSync(zip))).toBe(
      true,
    );
  });

  test("lists size and SHA-256 of every file, of one checkpoint and without locks", () => {
    const { "MANIFEST.json": manifest, ...others } = files;
    const listed = Object.fromEntries(
      Object.entries(others).map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }]),
    );
    expect(JSON.parse(Buffer.from(manifest!).toString()).files).toEqual(listed);
    expect(Object.keys(others)).toEqual(
      expect.arrayContaining(["resolved.json", "metrics.json", "report.html", "log.txt", "per-example.npz"]),
    );
    const steps = new Set(Object.keys(others).flatMap((name) => /step-\d+/.exec(name) ?? []));
    expect(steps).toEqual(new Set([`step-${statusOf(run).step}`]));
    expect(Object.keys(others).filter((name) => name.includes("lock"))).toEqual([]);
  });

  test("holds all checkpoints if asked to", () => {
    const { file } = packRun({ run, out: join(dirname(run), "all.zip"), checkpoints: "all" });
    const packed = Object.keys(unzipSync(readFileSync(file))).filter((name) => name !== "MANIFEST.json");
    expect(packed.sort()).toEqual(filesIn(run).filter((name) => !name.startsWith(".lock")));
  });

  test("unpacks to the same bytes, and works without its data set", async () => {
    const { folder } = unpackRun({ file: zip, out: newFolder() });
    for (const name of filesIn(folder))
      expect(readFileSync(join(folder, name)), name).toEqual(Buffer.from(files[name]!));
    expect(filesIn(folder)).toHaveLength(Object.keys(files).length - 1);

    const [here, there] = [await openRun(run, on), await openRun(folder, on)];
    expect(await there.sample(3, { seed: 1 })).toEqual(await here.sample(3, { seed: 1 }));
    here.close();
    there.close();
    const input = join(dirname(folder), "new.csv");
    writeFileSync(input, "u,v\n1,2\n3,4\n");
    const scored = await scoreFile({ run: folder, input, out: join(dirname(folder), "scores.csv"), ...on });
    expect(scored.count).toBe(2);
  });

  test("is never unpacked over something that exists", async () => {
    const out = newFolder();
    mkdirSync(out);
    expect((await refusal(() => unpackRun({ file: zip, out }))).message).toContain("this exists already");
    expect(readdirSync(out)).toEqual([]);
  });
});

describe("a run is not packed", () => {
  const status = (state: string) => (folder: string) =>
    writeFileSync(join(folder, "status.json"), JSON.stringify({ ...statusOf(folder), state }));
  test.each<[string, (folder: string) => void, string]>([
    ["if it has not finished", status("interrupted"), "has not finished: it is interrupted"],
    [
      "while another process uses it",
      (folder) =>
        writeFileSync(join(folder, ".lock-7"), JSON.stringify({ pid: 1, host: "elsewhere.invalid", start: null })),
      "process 1 on elsewhere.invalid is using this folder",
    ],
    ["with a link in its folder", (folder) => symlinkSync("/etc", join(folder, "samples", "x")), "this is a link"],
    [
      "without the evaluated checkpoint",
      (folder) => rmSync(join(folder, "checkpoints", `step-${statusOf(folder).step}`), { recursive: true }),
      "the evaluated checkpoint is missing",
    ],
    ["if it is a sweep", (folder) => writeFileSync(join(folder, "plan.jsonl"), ""), "Name one of its trials"],
  ])("%s", async (_, change, message) => {
    const folder = copyOf(run);
    change(folder);
    const out = join(dirname(folder), "pack.zip");
    expect((await refusal(() => packRun({ run: folder, out }))).message).toContain(message);
    expect(readdirSync(dirname(folder))).toEqual([basename(folder)]);
  });

  test.each([
    ["pack.tar", "a pack is a .zip file"],
    ["samples/pack.zip", "a pack cannot lie in the folder that it packs"],
  ])("as %s", async (name, message) => {
    expect((await refusal(() => packRun({ run, out: join(run, name) }))).message).toContain(message);
  });
});

type Listed = Record<string, { bytes: number; sha256: string }>;
/** An archive of these files, whose manifest lists them truly unless it is changed. */
const archiveOf = (members: Zippable, change: (listed: Listed) => unknown = () => {}): Uint8Array => {
  const contents = Object.entries(members).map(([name, member]): [string, Uint8Array] => [
    name,
    (Array.isArray(member) ? member[0] : member) as Uint8Array,
  ]);
  const listed: Listed = Object.fromEntries(
    contents.map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }]),
  );
  change(listed);
  const manifest = Buffer.from(JSON.stringify({ format: 3, files: listed }));
  return zipSync({ "MANIFEST.json": manifest, ...members }, { level: 0 });
};
const own = (): Zippable => {
  const { "MANIFEST.json": _, ...others } = files;
  return others;
};
const one = new Uint8Array([1]);
/** Another name of the same length in all places of the archive. */
const renamed = (bytes: Uint8Array, from: string, to: string): Uint8Array =>
  Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll(from, to), "latin1");
/** Changes the central directory's entry of a member. */
const entryChanged = (bytes: Uint8Array, name: string, change: (entry: Buffer) => void): Uint8Array => {
  const copy = Buffer.from(bytes);
  change(copy.subarray(copy.lastIndexOf(name) - 46));
  return copy;
};

describe("a hostile or damaged pack leaves nothing", () => {
  test.each<[string, () => Uint8Array, string]>([
    ["a name that leaves the folder", () => archiveOf({ ...own(), "../x.json": one }), "leads outside its folder"],
    ["an absolute name", () => archiveOf({ ...own(), "/tmp/x.json": one }), "leads outside its folder"],
    ["a drive of Windows", () => archiveOf({ ...own(), "C:/x.json": one }), "leads outside its folder"],
    ["a name with backslashes", () => archiveOf({ ...own(), "samples\\x.png": one }), "is not a file of a run"],
    ["a lock", () => archiveOf({ ...own(), ".lock-1": one }), "is not a file of a run"],
    ["a hidden file in a folder", () => archiveOf({ ...own(), "samples/.x": one }), "is not a file of a run"],
    [
      "a link",
      () => archiveOf({ ...own(), "samples/x": [Buffer.from("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }] }),
      '"samples/x" is a link',
    ],
    [
      "a name twice",
      () => renamed(archiveOf({ ...own(), "samples/aaa": one, "samples/bbb": one }), "samples/bbb", "samples/aaa"),
      '"samples/aaa" occurs twice',
    ],
    [
      "names that differ in case alone",
      () => archiveOf({ ...own(), "samples/a": one, "samples/A": one }),
      "in upper and lower case",
    ],
    [
      "a name that is a file and a folder",
      () => archiveOf({ ...own(), "samples/a": one, "samples/a/b": one }),
      '"samples/a" is both a file and a folder',
    ],
    [
      "a file that the manifest does not list",
      () => archiveOf({ ...own(), "samples/x": one }, (listed) => delete listed["samples/x"]),
      '"samples/x" is not in its MANIFEST.json',
    ],
    [
      "a file that only the manifest lists",
      () => archiveOf(own(), (listed) => (listed["samples/x"] = { bytes: 1, sha256: sha256(one) })),
      '"samples/x" of its MANIFEST.json is missing',
    ],
    [
      "another size than the manifest says",
      () => archiveOf(own(), (listed) => (listed["log.txt"]!.bytes += 1)),
      '"log.txt" has',
    ],
    [
      "a changed file",
      () => archiveOf(own(), (listed) => (listed["log.txt"]!.sha256 = sha256(one))),
      '"log.txt" does not match its SHA-256',
    ],
    [
      "a bomb that admits its size",
      () => archiveOf({ ...own(), "samples/x": [new Uint8Array(2 ** 26), { level: 1 }] }),
      "more than the limit of",
    ],
    [
      "a bomb that claims to be small",
      () =>
        entryChanged(
          archiveOf({ ...own(), "samples/x": [new Uint8Array(2 ** 22), { level: 9 }] }, (listed) => {
            listed["samples/x"] = { bytes: 9, sha256: sha256(one) };
          }),
          "samples/x",
          (entry) => entry.writeUInt32LE(9, 24),
        ),
      '"samples/x" does not unpack to the 9 bytes that it claims',
    ],
    [
      "members that share bytes",
      () =>
        entryChanged(archiveOf(own()), "resolved.json", (entry) => {
          entry.writeUInt32LE(2 ** 20, 20);
          entry.writeUInt32LE(2 ** 20, 24);
        }),
      "its members overlap",
    ],
    ["no manifest", () => zipSync(own()), "it is not a packed run"],
    ["no run", () => archiveOf({ "log.txt": one }), "it lists no resolved.json"],
    [
      "a manifest of a newer vaelab",
      () => zipSync({ ...own(), "MANIFEST.json": Buffer.from('{"format":99,"files":{}}') }),
      "written by a newer vaelab (format 99",
    ],
    ["half an archive", () => readFileSync(zip).subarray(0, readFileSync(zip).length >> 1), "or the file is truncated"],
    ["no archive", () => Buffer.from("hello"), "not a zip archive"],
  ])("%s", async (_, bytesOf, message) => {
    const out = newFolder();
    const file = join(dirname(out), "hostile.zip");
    writeFileSync(file, bytesOf());
    const error = await refusal(() => unpackRun({ file, out }));
    expect(error.message).toContain(message);
    expect(error.message.split("\n")).toHaveLength(1);
    expect(readdirSync(dirname(out))).toEqual(["hostile.zip"]);
  });

  test("a pack deflated by another program unpacks", () => {
    const out = newFolder();
    const file = join(dirname(out), "deflated.zip");
    writeFileSync(file, zipSync(files, { level: 6 }));
    expect(existsSync(join(unpackRun({ file, out }).folder, "metrics.json"))).toBe(true);
  });
});
