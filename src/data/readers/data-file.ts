/** Finds, opens and reads the files that a spec names. Every error is one line with the file's name. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { DataPlace } from "../../contracts/dataset.js";
import { type Problem, VaelabError } from "../../errors.js";
import { irregular, systemReason } from "../../storage/read-file.js";
import { pathAt } from "../data-path.js";

export interface DataFile {
  /** Path as written in the spec, for messages. */
  name: string;
  path: string;
  /** Folder in which it was sought, unless a folder lists it. */
  place?: DataPlace;
}

export const fileAt = (place: DataPlace, name: string): DataFile => ({ name, path: pathAt(place, name), place });

/** @throws DATA naming the searched folder */
const absent = ({ name, place }: Omit<DataFile, "path">, reason: string, cause: unknown): VaelabError => {
  const searched = isAbsolute(name) && !place?.moved?.byName ? "" : ` in ${place?.folder}`;
  return damaged(
    name,
    `${reason}${place ? searched : ""}`,
    { ...(place?.moved && { remedy: place.moved.remedy }) },
    cause,
  );
};

/** Random access to bytes in a file or in memory. */
export interface Bytes {
  readonly size: number;
  /** Returns exactly `length` bytes. @throws DATA if the file ends first. */
  read(position: number, length: number): Uint8Array;
}

/** Larger files are read in place, range by range. */
const IN_PLACE = 256 * 2 ** 20;
/** Size limit of content that is decompressed or parsed in memory. */
export const LARGEST_WHOLE = 2 ** 30;

export const damaged = (where: string, message: string, more: Partial<Problem> = {}, cause?: unknown): VaelabError =>
  new VaelabError("DATA", { message, where, ...more }, { cause });

/** Runs a system call on the file. @throws DATA that states the reason */
export const accessing = <T>(file: Omit<DataFile, "path">, call: () => T): T => {
  try {
    return call();
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw (error as NodeJS.ErrnoException).code === "ENOENT"
      ? absent(file, reason, error)
      : damaged(file.name, reason, {}, error);
  }
};

const readExactly = (file: DataFile, descriptor: number, position: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const count = accessing(file, () => readSync(descriptor, bytes, done, length - done, position + done));
    if (count === 0) throw damaged(`${file.name} byte ${position + done}`, "the file is truncated here");
    done += count;
  }
  return bytes;
};

/** An open file. @throws DATA for what is no regular file */
export const openFile = (file: DataFile): Bytes & { close(): void } => {
  const reason = irregular(accessing(file, () => statSync(file.path)));
  if (reason !== undefined) throw damaged(file.name, reason);
  const descriptor = accessing(file, () => openSync(file.path, "r"));
  return {
    size: fstatSync(descriptor).size,
    read: (position, length) => readExactly(file, descriptor, position, length),
    close: () => closeSync(descriptor),
  };
};

/** Runs `call` with the open file, and closes it. */
export const withFile = <T>(file: DataFile, call: (bytes: Bytes) => T): T => {
  const opened = openFile(file);
  try {
    return call(opened);
  } finally {
    opened.close();
  }
};

export const bytesInMemory = (content: Uint8Array, name: string): Bytes => ({
  size: content.length,
  read: (position, length) => {
    if (position + length > content.length)
      throw damaged(`${name} byte ${content.length}`, "the file is truncated here");
    return content.subarray(position, position + length);
  },
});

/** @throws DATA before allocation if the file exceeds `limit`. */
export const readWhole = (file: DataFile, remedy: string, limit = LARGEST_WHOLE): Uint8Array =>
  withFile(file, ({ size, read }) => {
    if (size > limit) {
      const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
      const message = `it has ${mebibytes(size)}; files that are read into memory may have at most ${mebibytes(limit)}`;
      throw damaged(file.name, message, { remedy });
    }
    return read(0, size);
  });

/** Reads small files into memory. Opens large ones for each range, so that no file stays open. */
export const bytesOf = (file: DataFile, inPlaceFrom = IN_PLACE): Bytes => {
  const size = withFile(file, (bytes) => bytes.size);
  if (size <= inPlaceFrom) return bytesInMemory(readWhole(file, "", inPlaceFrom), file.name);
  return { size, read: (position, length) => withFile(file, ({ read }) => read(position, length)) };
};
