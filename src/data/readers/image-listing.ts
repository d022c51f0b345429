/** Lists the images in a folder, or in one folder per class, and reads their headers. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { accessing, type DataFile, damaged, withFile } from "./data-file.js";
import { type ImageHeader, imageHeader } from "./image-headers.js";

export interface ListedImage {
  file: DataFile;
  header: ImageHeader;
  /** Class folder, unless the image lies directly in the root. */
  className?: string;
}

/** Files that operating systems leave in folders; names that start with a dot are skipped too. */
const STRAY = ["Thumbs.db", "desktop.ini"];

/** Sorted by code unit, for the same order on every machine. */
const entriesOf = (folder: DataFile): DataFile[] =>
  accessing(folder, () => readdirSync(folder.path))
    .filter((entry) => !entry.startsWith(".") && !STRAY.includes(entry))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((entry) => ({ name: `${folder.name}/${entry}`, path: join(folder.path, entry) }));

/** Follows links. Circular links are errors, and so are folders inside a class folder. */
const isFolder = (file: DataFile): boolean => accessing(file, () => statSync(file.path)).isDirectory();

const listed = (file: DataFile, className?: string): ListedImage => ({
  file,
  header: withFile(file, (bytes) => imageHeader(bytes, file.name)),
  ...(className !== undefined && { className }),
});

/** @throws DATA naming the unreadable file, or the folder that is empty or not a folder */
export const listImages = (folder: DataFile): ListedImage[] => {
  if (!isFolder(folder)) throw damaged(folder.name, "this is a file, not a folder");
  const entries = entriesOf(folder);
  if (entries.length === 0) throw damaged(folder.name, "the folder is empty");
  const folders = entries.filter(isFolder);
  if (folders.length === 0) return entries.map((file) => listed(file));
  const beside = entries.find((entry) => !folders.includes(entry));
  if (beside) {
    const remedy = "Put every image into the folder of its class, or all images into one folder.";
    throw damaged(beside.name, "this file lies beside the class folders", { remedy });
  }
  return folders.flatMap((of) => {
    const files = entriesOf(of);
    if (files.length === 0) throw damaged(of.name, "this class folder is empty");
    const className = of.name.slice(folder.name.length + 1);
    return files.map((file) => {
      if (isFolder(file)) throw damaged(file.name, "this is a folder inside a class folder, where images are expected");
      return listed(file, className);
    });
  });
};
