/**
 * Resolves the module that an `import` of an installed package in a given folder would load. Node resolves names only
 * relative to the importing module, so the walk up through node_modules and the choice among `exports` (whole paths, no
 * patterns) are implemented here.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { isObject, readJson } from "../../storage/json.js";

/** undefined if no such package exists in or above the folder, or it has no such export. */
export const packageEntry = (name: string, folder: string): string | undefined => {
  const [, packageName, subpath = ""] = /^(@[^/]+\/[^/]+|[^/@][^/]*)(\/.+)?$/.exec(name) ?? [];
  if (packageName === undefined) return undefined;
  for (let at = folder; ; at = dirname(at)) {
    const root = join(at, "node_modules", packageName);
    const manifest = join(root, "package.json");
    if (existsSync(manifest)) return entryIn(root, readJson(manifest, "PLUGIN"), subpath);
    if (at === dirname(at)) return undefined;
  }
};

const entryIn = (root: string, manifest: unknown, subpath: string): string | undefined => {
  if (!isObject(manifest)) return undefined;
  const { exports, main } = manifest;
  if (exports === undefined || exports === null) {
    if (subpath) return join(root, subpath);
    return join(root, typeof main === "string" ? main : "index.js");
  }
  const bySubpath = isObject(exports) && Object.keys(exports).some((key) => key.startsWith("."));
  const entry = conditional(bySubpath ? exports[`.${subpath}`] : subpath ? undefined : exports);
  return entry === undefined ? undefined : join(root, entry);
};

/** First condition, in the package's order, that holds for an import on Node. */
const conditional = (target: unknown): string | undefined => {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return target.map(conditional).find((entry) => entry !== undefined);
  if (!isObject(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (!["import", "node", "default"].includes(condition)) continue;
    const entry = conditional(inner);
    if (entry !== undefined) return entry;
  }
  return undefined;
};
