/** What a run leaves as SHA-256s by path: all of it but what tells when, where and how often, which no two runs share. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const OF_THE_OCCASION = /(^|\/)(status\.json|log\.txt|provenance\.json|report\.html|\.lock-\d+)$/;

/** Leftovers of a process that was killed count, as files that nobody else has. */
export const bytesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter((path) => !OF_THE_OCCASION.test(relative(folder, path)))
      .sort()
      .map((path) => [relative(folder, path), createHash("sha256").update(readFileSync(path)).digest("hex")]),
  );

/** One line a path that differs or that only one of them has. */
export const differencesBetween = (expected: Record<string, string>, found: Record<string, string>): string[] =>
  [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .filter((path) => expected[path] !== found[path])
    .map((path) => `${path} ${!found[path] ? "is missing" : expected[path] ? "differs" : "is not of the run"}`);
