/** Locates the data of a run or sweep from its folder. The run, its spec and its data may each have moved since. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { DataPlace } from "../contracts/dataset.js";
import { VaelabError } from "../errors.js";
import { isText } from "./json.js";
import { statsOf } from "./read-file.js";

/** Members of provenance.json and sweep.json. */
export interface SavedPlace {
  /** Base folder of paths in the spec. */
  specFolder: string;
  /** The same relative to the run folder, because both may have moved together. */
  specFolderFromHere?: string;
  /** Data folder given at the last resume. */
  dataFolder?: string;
}

const REMEDY = "Give the current folder of the data: --data-folder DIR";

export const savePlace = (folder: string, specFolder: string, place?: DataPlace): SavedPlace => ({
  specFolder,
  specFolderFromHere: relative(folder, specFolder),
  ...(place?.moved?.byName && { dataFolder: place.folder }),
});

/**
 * @param saved untrusted content of a file in the folder
 * @param dataFolder data folder given by the caller
 * @returns undefined if the file does not record the spec's folder
 * @throws NOT_FOUND if the caller's folder does not exist
 */
export const dataPlaceOf = (
  folder: string,
  saved: Readonly<Record<string, unknown>>,
  dataFolder?: string,
): DataPlace | undefined => {
  const { specFolder, specFolderFromHere, dataFolder: recorded } = saved;
  if (!isText(specFolder)) return undefined;
  if (dataFolder !== undefined && !statsOf(dataFolder)?.isDirectory())
    throw new VaelabError("NOT_FOUND", { message: "there is no such folder", where: `--data-folder ${dataFolder}` });
  const named = dataFolder ?? (isText(recorded) ? recorded : undefined);
  if (named !== undefined) return { folder: resolve(named), moved: { byName: true, remedy: REMEDY } };
  const beside = isText(specFolderFromHere) ? resolve(folder, specFolderFromHere) : specFolder;
  const place = !existsSync(specFolder) && existsSync(beside) ? beside : specFolder;
  return { folder: place, moved: { byName: false, remedy: REMEDY } };
};
