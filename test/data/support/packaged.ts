/** Packaged data sets in a cache folder of the test's own, with the small files of the fixtures. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { type Definition, typeOf } from "../../../src/spec/define.js";
import { packageFolder } from "../../../src/storage/data-packages.js";
import { FIXTURES, folderWith } from "./files.js";

/** An empty cache folder of the user, until the test ends. */
export const emptyCache = (): string => {
  const folder = folderWith({});
  const before = process.env.VAELAB_CACHE_DIR;
  process.env.VAELAB_CACHE_DIR = folder;
  onTestFinished(() => {
    if (before === undefined) delete process.env.VAELAB_CACHE_DIR;
    else process.env.VAELAB_CACHE_DIR = before;
  });
  return folder;
};

const SMALL = [
  "train-images.idx3-ubyte",
  "train-labels.idx1-ubyte",
  "test-images.idx3-ubyte",
  "test-labels.idx1-ubyte",
];

/** Puts 120 and 40 examples of 8 x 8 in the place of the package's files. @returns their folder */
export const placeSmall = (definition: Definition<"dataset">): string => {
  const pack = definition.package!;
  const folder = packageFolder(typeOf(definition), pack);
  mkdirSync(folder, { recursive: true });
  Object.keys(pack.files).forEach((path, i) => {
    const content = readFileSync(join(FIXTURES, SMALL[i]!));
    writeFileSync(join(folder, basename(path)), path.endsWith(".gz") ? gzipSync(content) : content);
  });
  return folder;
};
