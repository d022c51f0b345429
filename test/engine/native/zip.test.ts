import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extractMembers } from "../../../src/engine/native/zip.js";

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "vaelab-zip-"));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const text = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * i) % 251);
const archiveOf = (name: string, members: Parameters<typeof zipSync>[0]): string => {
  const archive = join(scratch, `${name}.zip`);
  writeFileSync(archive, zipSync(members));
  return archive;
};
const all = (name: string) => name;

describe("extractMembers", () => {
  test("writes the wanted members alone, deflated, stored and empty ones, where it is told", async () => {
    const archive = archiveOf("mixed", {
      "a/deflated.bin": [text(300_000), { level: 6 }],
      "a/stored.bin": [text(1000), { level: 0 }],
      "a/empty.bin": new Uint8Array(0),
      "b/unwanted.bin": text(10),
    });
    const folder = join(scratch, "mixed");
    const seen: [number, number][] = [];
    const written = await extractMembers(
      archive,
      folder,
      (name) => (name.startsWith("a/") ? name.replace("a/", "to/") : undefined),
      (done, total) => seen.push([done, total]),
    );
    expect(written.sort()).toEqual(["deflated.bin", "empty.bin", "stored.bin"].map((name) => join(folder, "to", name)));
    expect(readdirSync(folder)).toEqual(["to"]);
    expect(readFileSync(join(folder, "to/deflated.bin"))).toEqual(Buffer.from(text(300_000)));
    expect(readFileSync(join(folder, "to/stored.bin"))).toEqual(Buffer.from(text(1000)));
    expect(readFileSync(join(folder, "to/empty.bin"))).toHaveLength(0);
    expect(seen.at(-1)).toEqual([301_000, 301_000]);
  });

  test.each(["../outside.bin", "a/../../outside.bin", "/outside.bin", "..\\outside.bin"])(
    "refuses a member called %s and writes nothing",
    async (name) => {
      const archive = archiveOf("climbing", { "fine.bin": text(10), [name]: text(10) });
      const folder = join(scratch, "deep", "climbing");
      await expect(extractMembers(archive, folder, all)).rejects.toThrow(`a path that leaves its folder: ${name}`);
      expect(readdirSync(scratch)).not.toContain("deep");
    },
  );

  test("says where an archive is damaged", async () => {
    const bytes = zipSync({ "a.bin": [text(1000), { level: 6 }] });
    const file = join(scratch, "damaged.zip");
    const extract = (damaged: Uint8Array) => {
      writeFileSync(file, damaged);
      return extractMembers(file, join(scratch, "damaged"), all);
    };
    await expect(extract(bytes.slice(0, bytes.length - 30))).rejects.toThrow("it has no central directory");
    const directory = bytes.slice();
    directory[Buffer.from(bytes).indexOf("PK\x01\x02")] = 0;
    await expect(extract(directory)).rejects.toThrow("entry 0 of its central directory");
    const local = bytes.slice();
    local[0] = 0;
    await expect(extract(local)).rejects.toThrow("a.bin in the archive has no header");
    const longer = bytes.slice();
    longer[Buffer.from(bytes).indexOf("PK\x01\x02") + 24]! += 1;
    await expect(extract(longer)).rejects.toThrow(/a.bin in the archive unpacks to 1000 bytes, not 1001/);
  });
});
