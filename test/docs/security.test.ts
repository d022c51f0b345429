/** docs/security.md states the limits that the code has. */
import { describe, expect, test } from "vitest";
import { LARGEST_WHOLE } from "../../src/data/readers/data-file.js";
import { MOST_PIXELS } from "../../src/data/readers/image-headers.js";
import { LARGEST_ARCHIVE } from "../../src/experiments/data-packages/unpack.js";
import { LARGEST_PACK, LARGEST_PACK_RATIO } from "../../src/experiments/packs/contents.js";
import { LARGEST_BODY, MOST_ROWS } from "../../src/experiments/serve/schemas.js";
import { MOST_TRIALS } from "../../src/registry/planning/sweep.js";
import { LARGEST_MODULE } from "../../src/registry/plugins/content.js";
import { DEEPEST as DEEPEST_SPEC, LARGEST_FILE } from "../../src/registry/reading/document.js";
import { LARGEST_PICTURE } from "../../src/report/read/picture.js";
import { DEEPEST, LARGEST_TEXT } from "../../src/storage/json.js";
import { LARGEST_HEADER } from "../../src/storage/safetensors.js";
import { textOf } from "./markdown.js";

const rows = new Map(
  [...textOf("docs/security.md").matchAll(/^\| (.+?) +\| (.+?) +\|$/gm)].map(([, what, limit]) => [what!, limit!]),
);
const MEBIBYTE = 2 ** 20;

describe("the limits that docs/security.md states", () => {
  test.each([
    ["a spec", `${LARGEST_FILE / MEBIBYTE} MiB, nested ${DEEPEST_SPEC} deep`],
    ["a sweep", `${MOST_TRIALS.toLocaleString("en-US")} trials`],
    ["a module of a plugin", `${LARGEST_MODULE / MEBIBYTE} MiB`],
    ["a JSON file of a run", `${LARGEST_TEXT / MEBIBYTE} MiB, nested ${DEEPEST} deep`],
    ["the header of a safetensors file", `${LARGEST_HEADER.toLocaleString("en-US")} bytes`],
    ["an image of a data set", `${MOST_PIXELS.toLocaleString("en-US")} pixels`],
    ["compressed arrays", `${LARGEST_WHOLE / 2 ** 30} GiB after decompression`],
    ["the archive of a data set", `${LARGEST_ARCHIVE / 2 ** 30} GiB after decompression`],
    ["the body of a request", `${LARGEST_BODY / MEBIBYTE} MiB, ${MOST_ROWS.toLocaleString("en-US")} rows`],
    ["a packed run", `${LARGEST_PACK / 2 ** 30} GiB, and ${LARGEST_PACK_RATIO} times the size of its file`],
    ["a picture, for a report", `${LARGEST_PICTURE / MEBIBYTE} MiB`],
  ])("%s: %s", (what, limit) => {
    expect(rows.get(what)).toBe(limit);
  });
});
