/** The publication of a built engine. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { engineFolder } from "../../../src/engine/folders.js";
import { buildingFolder, putInPlace } from "../../../src/engine/native/place.js";

test("a first engine is put in place, and a second replaces it; nothing is left beside it", () => {
  const root = mkdtempSync(join(tmpdir(), "vaelab-place-"));
  const final = engineFolder(root);
  for (const content of ["first", "second"]) {
    const building = buildingFolder(root);
    mkdirSync(building);
    writeFileSync(join(building, "f"), content);
    putInPlace(building, root);
    expect(readFileSync(join(final, "f"), "utf8")).toBe(content);
    expect(readdirSync(root)).toHaveLength(1);
    expect(existsSync(building)).toBe(false);
  }
});
