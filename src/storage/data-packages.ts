/** Where the files of packaged data sets lie: DATA/NAME-HASH, a folder that appears whole or not at all. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DataPackage, DataPlace } from "../contracts/dataset.js";
import { VaelabError } from "../errors.js";
import { dataRoot } from "./user-folders.js";

const HASH_DIGITS = 12;

/** @param type name of the data set; another version of its package has a folder of its own */
export const packageFolder = (type: string, { sha256 }: DataPackage): string =>
  join(dataRoot(), `${type}-${sha256.slice(0, HASH_DIGITS)}`);

/** Whether a name in the folder of all data sets is a folder of this one, whatever the version of its package. */
export const isFolderOf = (type: string, name: string): boolean =>
  name.startsWith(`${type}-`) && /^[0-9a-f]{12}$/.test(name.slice(type.length + 1));

export const addCommand = (type: string): string => `vaelab data add ${type}`;

/** @throws DATA with the command that fetches the data set, if it is not on this machine */
export const packagePlace = (type: string, pack: DataPackage): DataPlace => {
  const folder = packageFolder(type, pack);
  if (!existsSync(folder))
    throw new VaelabError("DATA", {
      message: `the data set "${type}" is not on this machine`,
      remedy: `Run: ${addCommand(type)}`,
    });
  return { folder, moved: { byName: false, remedy: `Run: ${addCommand(type)} --force` } };
};
