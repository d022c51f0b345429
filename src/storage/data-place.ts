/** Where the data of a run or sweep lie, as far as its own folder tells: the run, its spec and its data may each have moved since. */
import { existsSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { DataPlace } from "../contracts/dataset.js";
import { VaelabError } from "../errors.js";
import { isText } from "./json.js";

/** Members of provenance.json and sweep.json. */
export interface SavedPlace {
  /** Paths in the spec resolve from here. */
  specFolder: string;
  /** The same from the run's own folder: both may have moved together. */
  specFolderFromHere?: string;
  /** Where somebody said that the data lie, when the run was last resumed. */
  dataFolder?: string;
}

const REMEDY = "Name the folder that holds the data now: --data-folder DIR";

export const savePlace = (folder: string, specFolder: string, place?: DataPlace): SavedPlace => ({
  specFolder,
  specFolderFromHere: relative(folder, specFolder),
  ...(place?.moved?.byName && { dataFolder: place.folder }),
});

/**
 * @param saved untrusted members of a folder's own file
 * @param dataFolder what the caller says
 * @returns undefined where the file does not say where the spec lay
 * @throws NOT_FOUND where the caller names no folder
 */
export const dataPlaceOf = (
  folder: string,
  saved: Readonly<Record<string, unknown>>,
  dataFolder?: string,
): DataPlace | undefined => {
  const { specFolder, specFolderFromHere, dataFolder: recorded } = saved;
  if (!isText(specFolder)) return undefined;
  if (dataFolder !== undefined && !statSync(dataFolder, { throwIfNoEntry: false })?.isDirectory())
    throw new VaelabError("NOT_FOUND", { message: "there is no such folder", where: `--data-folder ${dataFolder}` });
  const named = dataFolder ?? (isText(recorded) ? recorded : undefined);
  if (named !== undefined) return { folder: resolve(named), moved: { byName: true, remedy: REMEDY } };
  const beside = isText(specFolderFromHere) ? resolve(folder, specFolderFromHere) : specFolder;
  const place = !existsSync(specFolder) && existsSync(beside) ? beside : specFolder;
  return { folder: place, moved: { byName: false, remedy: REMEDY } };
};
