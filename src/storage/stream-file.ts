/** A file that is written piece by piece, and has its name when it is whole. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder, temporaryName, writing } from "./files.js";

export interface StreamFile {
  write(content: string | Uint8Array): void;
  /** Renames the file to its final name. */
  close(): void;
  /** Discards the file unless it was closed. */
  discard(): void;
}

/** @throws NOT_WRITABLE */
export const openStreamFile = (path: string): StreamFile => {
  const temporary = temporaryName(path);
  let descriptor: number | undefined = writing(path, () => openSync(temporary, "wx"));
  const release = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    write: (content) => {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      writing(path, () => {
        for (let written = 0; written < bytes.length; ) written += writeSync(descriptor!, bytes, written);
      });
    },
    close: () =>
      writing(path, () => {
        fsyncSync(descriptor!);
        release();
        renameSync(temporary, path);
        syncFolder(dirname(path));
      }),
    discard: () => {
      release();
      rmSync(temporary, { force: true });
    },
  };
};
