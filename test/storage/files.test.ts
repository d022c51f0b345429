import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asNotWritable,
  cleanLeftovers,
  publishFolder,
  sha256Bytes,
  temporaryName,
  writeFileAtomically,
  writeNewFile,
} from "../../src/storage/files.js";
import { canonicalJson, parseJson, readJson } from "../../src/storage/json.js";
import { sha256File } from "../../src/storage/read-file.js";
import { errorOf } from "../support/error-of.js";
import { asOrdinaryUser } from "../support/ordinary-user.js";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "vaelab-files-"));
describe("atomic files", () => {
  it("replaces the content and leaves nothing beside it", () => {
    const folder = newFolder();
    const path = join(folder, "a.txt");
    writeFileAtomically(path, "one");
    writeFileAtomically(path, Buffer.from("two"));
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  it("says which path cannot be written and what to do, and leaves no temporary file", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    const path = join(folder, "file", "b.txt");
    expect(errorOf(() => writeFileAtomically(path, "x"))).toMatchObject({
      code: "NOT_WRITABLE",
      problems: [{ where: path, message: "cannot write: this is a file, but a folder is needed" }],
    });
    mkdirSync(join(folder, "taken"));
    expect(() => writeFileAtomically(join(folder, "taken"), "x")).toThrow();
    expect(readdirSync(folder).sort()).toEqual(["file", "taken"]);
  });

  it("reports a folder without permission", () => {
    const folder = newFolder();
    chmodSync(folder, 0o500);
    const error = asOrdinaryUser(folder, () => errorOf(() => writeFileAtomically(join(folder, "a"), "x")));
    expect(error.message).toContain("permission denied");
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(!existsSync("/dev/full"))("reports a full device", () => {
    let full: unknown;
    try {
      writeFileSync("/dev/full", "x");
    } catch (error) {
      full = error;
    }
    expect(asNotWritable(full, "runs/a")).toMatchObject({
      code: "NOT_WRITABLE",
      message: "runs/a  cannot write: no space left on the device. Free some space, then resume.",
    });
  });

  it("lets through what is not the system's refusal", () => {
    const error = new TypeError("x");
    expect(asNotWritable(error, "a")).toBe(error);
  });
});

describe("published folders", () => {
  const prepare = (final: string, content: string): string => {
    const temporary = temporaryName(final);
    mkdirSync(temporary);
    writeNewFile(join(temporary, "f"), content);
    return temporary;
  };

  it("replaces a folder of the same name whole", () => {
    const folder = newFolder();
    const final = join(folder, "step-1");
    publishFolder(prepare(final, "one"), final);
    publishFolder(prepare(final, "two"), final);
    expect(readFileSync(join(final, "f"), "utf8")).toBe("two");
    expect(readdirSync(folder)).toEqual(["step-1"]);
  });

  it("puts back what was moved aside when nothing took its place, and removes the rest", () => {
    const folder = newFolder();
    for (const name of [
      "step-1.replaced-9-a",
      "s.replaced-9-f",
      "step-2",
      "step-2.replaced-9-b",
      "step-3.tmp-9-c",
      ".lock-1.tmp-9-d",
    ]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "f"), name);
    }
    writeFileSync(join(folder, "LATEST.tmp-9-e"), "");
    cleanLeftovers(folder);
    expect(readdirSync(folder).sort()).toEqual([".lock-1.tmp-9-d", "s", "step-1", "step-2"]);
    expect(readFileSync(join(folder, "step-1", "f"), "utf8")).toBe("step-1.replaced-9-a");
  });
});

describe("hashes and JSON", () => {
  it("computes SHA-256", () => {
    // FIPS 180-2, appendix B.1.
    expect(sha256Bytes("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const path = join(newFolder(), "abc");
    writeFileSync(path, "abc");
    expect(sha256File(path)).toBe(sha256Bytes("abc"));
  });

  it("spells a value in one way", () => {
    expect(canonicalJson({ b: [1, { d: null, c: "é\n" }], a: -0, u: undefined, Z: 1e21 })).toBe(
      '{"Z":1e+21,"a":0,"b":[1,{"c":"é\\n","d":null}]}',
    );
    const shuffled = fc
      .dictionary(fc.string(), fc.jsonValue())
      .chain((value) =>
        fc.tuple(fc.constant(value), fc.shuffledSubarray(Object.keys(value), { minLength: Object.keys(value).length })),
      );
    fc.assert(
      fc.property(shuffled, ([value, order]) => {
        const text = canonicalJson(Object.fromEntries(order.map((name) => [name, value[name]])));
        expect(text).toBe(canonicalJson(value));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    [{ a: [1, Number.NaN] }],
    [{ a: [1, Number.POSITIVE_INFINITY] }],
    [{ a: [1, undefined] }],
    [{ a: [1, () => 1] }],
    [{ a: [1, new Map()] }],
  ])("refuses what JSON cannot carry: %j", (value) => {
    expect(errorOf(() => canonicalJson(value))).toMatchObject({ code: "CONTRACT", problems: [{ where: "/a/1" }] });
  });

  it("says where a file is not JSON, or that it is not there", () => {
    expect(errorOf(() => parseJson('{\n  "a": 1,\n  oops\n}', "s.json")).problems[0]).toMatchObject({
      where: "s.json:3:3",
    });
    expect(errorOf(() => parseJson('{"a": ', "s.json")).problems[0]).toMatchObject({ where: "s.json:1:7" });
    expect(errorOf(() => readJson(join(newFolder(), "none.json"))).code).toBe("NOT_FOUND");
  });
});
