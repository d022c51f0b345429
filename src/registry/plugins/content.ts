/**
 * What a plugin holds, as SHA-256s: its file, and the files that it names by relative paths, which are those that it can import.
 * Any text in quotes that begins with "./" or "../" and leads to a module counts: `import`, `import()`, `require` and `new URL` are
 * all found, whichever way they are written. Paths that are computed are not, nor are packages.
 */
import { realpathSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { VaelabError } from "../../errors.js";
import { sha256Bytes } from "../../storage/files.js";
import { canonicalJson } from "../../storage/json.js";
import { readRegular, systemReason, Unreadable } from "../../storage/read-file.js";
import { showPath } from "../reading/traced.js";

export interface PluginContent {
  /** Of the plugin's file. */
  sha256: string;
  /** Of the files that it imports by relative paths, and of those that they import, by path from the plugin's folder. */
  imports?: Readonly<Record<string, string>>;
}

/** Equal for equal content, wherever it lies. Of a plugin without imports, its file's SHA-256. */
export const contentHash = ({ sha256, imports }: PluginContent): string =>
  imports ? sha256Bytes(canonicalJson({ sha256, imports })) : sha256;

export const LARGEST_MODULE = 64 * 2 ** 20;
const MODULE = /\.([cm]?[jt]s|json|wasm|node)$/;
const SOURCE = /\.[cm]?[jt]s$/;
const RELATIVE = /(["'`])(\.\.?\/[^"'`\n]*)\1/g;
/** What `require` adds to a path. */
const ENDINGS = ["", ".js", ".cjs", ".json", "/index.js", "/index.cjs"];

/** @throws PLUGIN: a file that is not there, or is no regular file: Node would wait for a pipe, and read a device without end. */
export const contentOf = (file: string, where: string): PluginContent => {
  const imports = new Map<string, string>();
  const visit = (path: string): string => {
    const bytes = readModule(path, file, where);
    if (SOURCE.test(path)) {
      for (const target of targetsOf(bytes.toString("utf8"), realpathSync(path))) {
        if (target === file || imports.has(target)) continue;
        // Before it is read, so that a circle of imports ends.
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

/** Module specifiers are URLs: "%20" is a space, and what follows "?" is no part of the path. */
const pathOf = (written: string, file: string): string | undefined => {
  try {
    return fileURLToPath(new URL(written, pathToFileURL(file)));
  } catch {
    return written.includes("\0") ? undefined : join(dirname(file), written);
  }
};
/** What the system does not let be looked at cannot be imported either. */
const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch (error) {
    if (systemReason(error) === undefined) throw error;
    return false;
  }
};

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
