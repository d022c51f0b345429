import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { tarMembers } from "../../src/storage/tar.js";
import { errorOf } from "../support/error-of.js";

const DEEP = `${"d".repeat(60)}/${"e".repeat(60)}`;
const LARGE = Buffer.from(Array.from({ length: 1300 }, (_, i) => i % 251));

/** An archive that the system's tar wrote. */
const archive = (format: string): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-tar-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, DEEP), { recursive: true });
  writeFileSync(join(folder, "empty"), "");
  writeFileSync(join(folder, "large"), LARGE);
  writeFileSync(join(folder, DEEP, "deep"), "deep");
  symlinkSync("/etc/passwd", join(folder, "link"));
  return execFileSync("tar", [`--format=${format}`, "-cf", "-", "empty", "large", "link", `${DEEP}/deep`], {
    cwd: folder,
  });
};
const filesOf = (bytes: Uint8Array): Record<string, string> =>
  Object.fromEntries(
    [...tarMembers(bytes, "a.tar")].flatMap(({ path, isFile, content }) =>
      isFile ? [[path, Buffer.from(content).toString("latin1")]] : [],
    ),
  );

describe("tar archives", () => {
  test("in the format ustar: files, and links that are no files", () => {
    const content = { empty: "", large: LARGE.toString("latin1"), [`${DEEP}/deep`]: "deep" };
    expect(filesOf(archive("ustar"))).toEqual(content);
  });
  test.each(["gnu", "pax"])("in the format %s, where an extended header holds a long path", (format) => {
    const { empty, large, link, ...cut } = filesOf(archive(format));
    expect({ empty, large, link }).toEqual({ empty: "", large: LARGE.toString("latin1") });
    expect(Object.values(cut)).toEqual(["deep"]);
  });
  test("cut off or changed anywhere are refused", () => {
    const whole = archive("ustar");
    const refusal = (bytes: Uint8Array): string => errorOf(() => filesOf(bytes)).message;
    for (const length of [100, 700, 512 + 512 + 1024])
      expect(refusal(whole.subarray(0, length))).toContain("truncated");
    for (const at of [0, 124, 156]) {
      const changed = Buffer.from(whole);
      changed[at] = changed[at]! ^ 1;
      expect(refusal(changed)).toContain("a.tar byte 0  damaged tar archive: a header does not match its checksum");
    }
  });
});
