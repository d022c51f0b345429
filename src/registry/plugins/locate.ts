/** Resolves the plugin names of a spec to files. */
import { existsSync, realpathSync } from "node:fs";
import { type Problem, VaelabError } from "../../errors.js";
import { isPath } from "../reading/extends.js";
import { folderOf, type Origin, showPath } from "../reading/traced.js";
import { packageEntry } from "./package-entry.js";

export interface NamedPlugin {
  /** As named in the spec, with paths made absolute. */
  name: string;
  origin: Origin;
  /** File, line and pointer, for messages. */
  where: string;
}

/** Real path without symbolic links, as Node names modules. @throws PLUGIN */
export const locate = (plugin: NamedPlugin): string => {
  const file = found(plugin);
  assertImportable(file, plugin.where);
  return existsSync(file) ? realpathSync(file) : file;
};

const refuse = (problem: Problem): VaelabError => new VaelabError("PLUGIN", problem);

const found = ({ name, origin, where }: NamedPlugin): string => {
  if (/^[a-z]{2,}:/i.test(name)) {
    const message = `the plugin ${JSON.stringify(name)} is a URL`;
    throw refuse({ where, message, remedy: "Name a file or an installed package." });
  }
  if (isPath(name)) return name;
  const entry = packageEntry(name, folderOf(origin));
  if (entry && existsSync(entry)) return entry;
  const message = `no package "${name}" that exports a plugin is installed at or above ${showPath(folderOf(origin))}`;
  const remedy = /\.[cm]?[jt]s$/.test(name)
    ? `A file is named with its folder: "./${name}".`
    : `npm install ${name}, or name a file: "./${name}.mjs".`;
  throw refuse({ where, message, remedy });
};

/** Node.js 22.18 and later import TypeScript with erasable types; earlier versions do not. */
const importsTypeScript = (): boolean => Boolean((process.features as Readonly<{ typescript?: unknown }>).typescript);

const assertImportable = (file: string, where: string): void => {
  if (!/\.[cm]?tsx?$/.test(file) || importsTypeScript()) return;
  const shown = showPath(file);
  throw refuse({
    where,
    message: `the plugin ${shown} is TypeScript, which Node.js ${process.versions.node} does not import`,
    remedy: `Compile it and name the result: npx esbuild ${shown} --outfile=${shown.replace(/\.[cm]?tsx?$/, ".mjs")}`,
  });
};
