/** One hash of everything that the build reads, so that a build is only made when it would differ. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Every file under a folder, sorted, as paths from the root. */
export const filesUnder = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();

export const hashOfSources = (...files) => {
  const hash = createHash("sha256");
  for (const file of [...filesUnder("src"), "package.json", "package-lock.json", ...files])
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
};
