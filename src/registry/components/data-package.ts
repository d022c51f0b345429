/** Packages that data sets declare: what a declaration may hold, and the place of the files. */
import { basename } from "node:path";
import type { DataPackage, DatasetDeclaration } from "../../contracts/dataset.js";
import { type Definition, typeOf } from "../../spec/define.js";
import { packagePlace } from "../../storage/data-packages.js";
import { isObject } from "../../storage/json.js";

/**
 * The context of a component. A data set with a package finds its files in the folder of the package.
 * @throws DATA with the command that fetches the package, if it is not on this machine
 */
export const inPackage = <C extends object>(definition: Pick<Definition, "schema">, context: C): C => {
  const { package: pack } = definition as DatasetDeclaration;
  return pack ? { ...context, ...packagePlace(typeOf(definition), pack) } : context;
};

// A name and a version reach a command line, a path the name of a file.

const PATTERNS = {
  registry: /^(npm|pypi|debian)$/,
  name: /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9.+_-]*$/,
  version: /^[0-9][A-Za-z0-9.+~:-]*$/,
  sha256: /^[0-9a-f]{64}$/,
  license: /\S/,
} as const satisfies Partial<Record<keyof DataPackage, RegExp>>;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0;

/** Half a sentence on the fault in a data set's package. Plugins may be untyped. */
export const faultOfPackage = ({ package: pack }: Readonly<Record<string, unknown>>): string | undefined => {
  if (pack === undefined) return undefined;
  if (!isObject(pack)) return 'has a "package" that is not an object';
  for (const [key, pattern] of Object.entries(PATTERNS))
    if (typeof pack[key] !== "string" || !pattern.test(pack[key]))
      return `has a package whose "${key}" is ${JSON.stringify(pack[key])}`;
  const { bytes, examples, files } = pack;
  if (!isCount(bytes) || !isCount(examples)) return 'has a package without "bytes" and "examples", both at least 1';
  if (!isObject(files) || Object.keys(files).length === 0) return 'has a package without "files"';
  const names = Object.keys(files).map((path) => basename(path));
  const unfit = names.find((name) => !/^[A-Za-z0-9][\w.-]*$/.test(name));
  if (unfit !== undefined) return `has a package with a file that cannot be kept as ${JSON.stringify(unfit)}`;
  if (new Set(names).size < names.length) return "has a package with two files of one name";
  return Object.values(files).every(isCount) ? undefined : "has a package with a file without its size in bytes";
};
