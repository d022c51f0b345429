/**
 * SHA-256 hashes of a plugin's file and of the files that it may import by relative paths. Every quoted string that starts
 * with "./" or "../" and resolves to a module counts, which covers `import`, `import()`, `require` and `new URL`. Computed
 * paths and packages are not covered.
 */
import { realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { VaelabError } from "../../errors.js";
import { sha256Bytes } from "../../storage/files.js";
import { canonicalJson } from "../../storage/json.js";
import { readRegular, statsOf, Unreadable } from "../../storage/read-file.js";
import { showPath } from "../reading/traced.js";

export interface PluginContent {
  /** Hash of the plugin's file. */
  sha256: string;
  /** Hashes of all files that it imports by relative paths, directly or indirectly, by path from the plugin's folder. */
  imports?: Readonly<Record<string, string>>;
}

/** Equal for equal content at any path. For a plugin without imports, the SHA-256 of its file. */
export const contentHash = ({ sha256, imports }: PluginContent): string =>
  imports ? sha256Bytes(canonicalJson({ sha256, imports })) : sha256;

export const LARGEST_MODULE = 64 * 2 ** 20;
const MODULE = /\.([cm]?[jt]s|json|wasm|node)$/;
const SOURCE = /\.[cm]?[jt]s$/;
const RELATIVE = /(["'`])(\.\.?\/[^"'`\n]*)\1/g;
/** Suffixes that `require` tries. */
const ENDINGS = ["", ".js", ".cjs", ".json", "/index.js", "/index.cjs"];

/** @throws PLUGIN if the file is missing or not a regular file; Node would block on a pipe and read a device forever. */
export const contentOf = (file: string, where: string): PluginContent => {
  const imports = new Map<string, string>();
  const visit = (path: string): string => {
    const bytes = readModule(path, file, where);
    if (SOURCE.test(path)) {
      for (const target of targetsOf(bytes.toString("utf8"), realpathSync(path))) {
        if (target === file || imports.has(target)) continue;
        // Recorded before reading, so that circular imports terminate.
        imports.set(target, "");
        imports.set(target, visit(target));
      }
    }
    return sha256Bytes(bytes);
  };
  const sha256 = visit(file);
  if (imports.size === 0) return { sha256 };
  const named = [...imports].map(([path, hash]) => [relative(dirname(file), path).replaceAll("\\", "/"), hash]);
  return { sha256, imports: Object.fromEntries(named) };
};

const targetsOf = (source: string, file: string): string[] =>
  [...source.matchAll(RELATIVE)].flatMap(([, , written]) => {
    const path = pathOf(written!, file);
    const target = path && ENDINGS.map((ending) => path + ending).find((each) => MODULE.test(each) && isFile(each));
    return target ? [target] : [];
  });

/** Module specifiers are URLs: "%20" is a space, and a query after "?" is not part of the path. */
const pathOf = (written: string, file: string): string | undefined => {
  try {
    return fileURLToPath(new URL(written, pathToFileURL(file)));
  } catch {
    return written.includes("\0") ? undefined : join(dirname(file), written);
  }
};
/** Files that cannot be inspected cannot be imported either. */
const isFile = (path: string): boolean => statsOf(path)?.isFile() ?? false;

const readModule = (path: string, plugin: string, where: string): Buffer => {
  try {
    return readRegular(path, LARGEST_MODULE);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const what = error.kind === "missing" ? "does not exist" : `cannot be read: ${error.reason}`;
    const imported = path === plugin ? "" : ` imports ${showPath(path)}, which`;
    const message = `the plugin ${showPath(plugin)}${imported} ${what}`;
    throw new VaelabError("PLUGIN", { where, message }, { cause: error });
  }
};
