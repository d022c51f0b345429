/** Makes a run folder of a pack. The pack may come from anybody: everything in it is checked before the folder appears. */
import { createHash } from "node:crypto";
import { lstatSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { VaelabError } from "../../errors.js";
import { makeFolder, syncFolder, temporaryName, writing } from "../../storage/files.js";
import { MANIFEST } from "../../storage/manifest.js";
import { describeBytes } from "../../storage/memory.js";
import { statsOf } from "../../storage/read-file.js";
import { openStreamFile } from "../../storage/stream-file.js";
import { damagedZip, memberContent, type ZipBytes, type ZipMember, zipDirectory } from "../../storage/zip.js";
import { memberBlocks, openZipFile } from "../../storage/zip-file.js";
import {
  LARGEST_MANIFEST,
  LARGEST_PACK,
  LARGEST_PACK_RATIO,
  type PackedFile,
  type PackedFiles,
  readManifestText,
} from "./contents.js";

export interface UnpackOptions {
  file: string;
  /** A folder that does not exist; by default the name of the file, in the working folder. */
  out?: string;
}
export interface Unpacked {
  folder: string;
  files: number;
}

const REMEDY = "Ask for the pack again.";
const refuse = (where: string, message: string, remedy = REMEDY): VaelabError =>
  new VaelabError("DATA", { message, where, remedy });

/** Bits of a Unix mode that give the type of a file, and those of a regular one. */
const TYPE = 0o170000;
const REGULAR = 0o100000;

/** By directory alone, before anything is decompressed. */
const checkSizes = (members: readonly ZipMember[], packed: number, file: string): void => {
  const link = members.find(({ mode }) => (mode & TYPE) !== 0 && (mode & TYPE) !== REGULAR);
  if (link) throw refuse(file, `"${link.name}" is a link or a folder, not a file`);
  // Members that share bytes of the archive unpack to far more than it could hold.
  if (members.reduce((sum, member) => sum + member.packed, 0) > packed)
    throw damagedZip(file, 0, "its members overlap");
  const size = members.reduce((sum, member) => sum + member.size, 0);
  const most = Math.min(LARGEST_PACK, packed * LARGEST_PACK_RATIO);
  if (size > most)
    throw refuse(file, `it unpacks to ${describeBytes(size)}, more than the limit of ${describeBytes(most)}`);
};

/** The files of the manifest with their members. @throws DATA where both do not name the same files of the same sizes */
const listed = (
  archive: ZipBytes,
  members: readonly ZipMember[],
  file: string,
): { manifest: PackedFiles; contents: ZipMember[] } => {
  const own = members.find(({ name }) => name === MANIFEST);
  if (!own)
    throw refuse(file, `it holds no ${MANIFEST}: it is not a packed run`, "Give a file that vaelab pack wrote.");
  if (Math.max(own.size, own.packed) > LARGEST_MANIFEST) throw refuse(file, `its ${MANIFEST} is too large`);
  const manifest = readManifestText(Buffer.from(memberContent(archive, own, file)).toString("utf8"), file);
  const contents = members.filter((member) => member !== own);
  for (const { name, size } of contents) {
    const claimed = Object.hasOwn(manifest, name) ? manifest[name] : undefined;
    if (!claimed) throw refuse(file, `"${name}" is not in its ${MANIFEST}`);
    if (claimed.bytes !== size)
      throw refuse(file, `"${name}" has ${size} bytes; its ${MANIFEST} says ${claimed.bytes}`);
  }
  const names = new Set(contents.map(({ name }) => name));
  const missing = Object.keys(manifest).find((name) => !names.has(name));
  if (missing !== undefined) throw refuse(file, `"${missing}" of its ${MANIFEST} is missing`);
  return { manifest, contents };
};

/** Writes a member to a file. @throws DATA if it does not have the SHA-256 of the manifest */
const extract = (archive: ZipBytes, member: ZipMember, { sha256 }: PackedFile, to: string, file: string): void => {
  const hash = createHash("sha256");
  makeFolder(dirname(to));
  const stream = openStreamFile(to);
  try {
    for (const block of memberBlocks(archive, member, file)) {
      hash.update(block);
      stream.write(block);
    }
    if (hash.digest("hex") !== sha256) throw refuse(file, `"${member.name}" does not match its SHA-256`);
    stream.close();
  } finally {
    stream.discard();
  }
};

const assertNew = (folder: string, out: string): void => {
  if (statsOf(folder, lstatSync) === undefined) return;
  throw new VaelabError("RUN_FOLDER", {
    message: "this exists already",
    where: out,
    remedy: "Name a folder that does not: --out DIR",
  });
};

/**
 * @throws NOT_FOUND, NOT_READABLE; DATA for anything but a whole pack; FORMAT if a newer vaelab wrote it; RUN_FOLDER if the folder
 * exists; NOT_WRITABLE. There is then no new folder.
 */
export const unpackRun = ({ file, out = basename(file).replace(/\.zip$/i, "") }: UnpackOptions): Unpacked => {
  const folder = resolve(out);
  assertNew(folder, out);
  const archive = openZipFile(file);
  const temporary = temporaryName(folder);
  try {
    const members = zipDirectory(archive, file);
    checkSizes(members, archive.size, file);
    const { manifest, contents } = listed(archive, members, file);
    makeFolder(temporary);
    for (const member of contents) extract(archive, member, manifest[member.name]!, join(temporary, member.name), file);
    assertNew(folder, out);
    writing(folder, () => {
      syncFolder(temporary);
      renameSync(temporary, folder);
      syncFolder(dirname(folder));
    });
    return { folder, files: contents.length };
  } finally {
    archive.close();
    rmSync(temporary, { recursive: true, force: true });
  }
};
