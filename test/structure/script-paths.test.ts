/** Sources that scripts name are where they say: nothing type-checks the paths in a script, and it may run once a year. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const NAMED = /["'`](?:[^"'`\n]*?\/)??((?:src|test)\/[\w./-]+\.(?:ts|mjs|py))["'`]/g;

const scripts = ["bench", "scripts", "test/oracles"].flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".mjs") && !/(^|\/)(\.venv|results|templates)\//.test(name))
    .map((name) => join(room, name)),
);

test("each source that a script names exists", () => {
  const named = scripts.flatMap((script) =>
    [...readFileSync(join(ROOT, script), "utf8").matchAll(NAMED)].map(([, path]) => ({ script, path: path! })),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
});
