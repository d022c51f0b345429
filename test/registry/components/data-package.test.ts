/** What data sets of plugins may declare of their packages, and where they find the files. */
import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { createBuilder } from "../../../src/registry/components/build.js";
import { type Catalogue, createCatalogue } from "../../../src/registry/components/catalogue.js";
import { packageFolder } from "../../../src/storage/data-packages.js";
import { emptyCache } from "../../data/support/packaged.js";
import { errorOf } from "../../support/error-of.js";

const PACKAGE = {
  registry: "npm",
  name: "@lab/waves-data",
  version: "1.0.0",
  sha256: "ab".repeat(32),
  bytes: 9,
  files: { "package/waves.npy": 3 },
  examples: 2,
  license: "MIT",
} as const;
/** A data set as a plugin writes it without vaelab's types; it gives its folder for a data set. */
const catalogueWith = (pack: unknown): Catalogue =>
  createCatalogue([]).child(
    [
      {
        kind: "dataset",
        schema: {
          type: "object",
          required: ["type"],
          additionalProperties: false,
          properties: { type: { const: "waves" } },
        },
        package: pack,
        create: (_: never, { folder }: { folder: string }) => ({ folder }),
      },
    ],
    "/lab/waves.mjs",
  );

test("its files are looked for in the folder of its package", async () => {
  emptyCache();
  const build = () =>
    createBuilder(catalogueWith(PACKAGE)).build("dataset", { type: "waves" }, "/data", {
      dataset: () => ({ folder: "specs" }),
    });
  await expect(build()).rejects.toThrow("vaelab data add waves");
  const folder = packageFolder("waves", PACKAGE);
  mkdirSync(folder, { recursive: true });
  expect(await build()).toEqual({ folder });
});

test.each([
  ["text", 'has a "package" that is not an object'],
  [{ registry: "cran" }, 'has a package whose "registry" is "cran"'],
  [{ name: "--userconfig=x" }, 'has a package whose "name" is "--userconfig=x"'],
  [{ name: "https://host/x.tgz" }, 'has a package whose "name"'],
  [{ version: "latest" }, 'has a package whose "version" is "latest"'],
  [{ sha256: "ab" }, 'has a package whose "sha256"'],
  [{ examples: 0 }, 'has a package without "bytes" and "examples"'],
  [{ files: {} }, 'has a package without "files"'],
  [{ files: { "package/..": 1 } }, 'has a package with a file that cannot be kept as ".."'],
  [{ files: { "a/x": 1, "b/x": 1 } }, "has a package with two files of one name"],
  [{ files: { "a/x": "1" } }, "has a package with a file without its size"],
])("%j is refused", (fault, message) => {
  const pack = typeof fault === "string" ? fault : { ...PACKAGE, ...fault };
  expect(errorOf(() => catalogueWith(pack)).message).toContain(`(the dataset "waves") ${message}`);
});
