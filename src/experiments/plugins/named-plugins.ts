/** Plugins that a caller names beside a spec or a run's folder: by a path from the working folder, or by a package. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { contentOf } from "../../registry/plugins/content.js";
import type { Plugin } from "../../registry/plugins/load.js";
import { locate, type NamedPlugin } from "../../registry/plugins/locate.js";

/** As a plugin of a spec is named, but for a file, whose folder need not be written. */
export const namedByFlag = (name: string): NamedPlugin => {
  const where = `--plugin ${name}`;
  const origin = { kind: "flag", flag: where, folder: process.cwd() } as const;
  return { name: existsSync(name) ? resolve(name) : name, origin, where };
};

/** Does not run their code. @throws PLUGIN */
export const namedPlugins = (names: readonly string[]): Plugin[] =>
  names.map((each) => {
    const named = namedByFlag(each);
    const file = locate(named);
    return { name: named.name, file, ...contentOf(file, named.where) };
  });
