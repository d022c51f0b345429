/**
 * The default cache: in memory by key, and in the user's cache folder with one file per key, which holds the SHA-256 of its
 * content, then the content. A file that does not match is computed again. Concurrent processes write the same bytes to
 * separate temporary files and rename them, so none waits for another. The kind names a subfolder.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { VaelabError } from "../../errors.js";
import { makeFolder, sha256Bytes, writeFileAtomically } from "../../storage/files.js";
import { readBytes } from "../../storage/read-file.js";
import { computedRoot } from "../../storage/user-folders.js";
import type { Cache } from "../services/services.js";

const known = new Map<string, Promise<Uint8Array>>();
const DIGEST = 32;

const readComputed = (path: string): Uint8Array | undefined => {
  if (!existsSync(path)) return undefined;
  const bytes = readBytes(path);
  const content = bytes.subarray(DIGEST);
  return bytes.subarray(0, DIGEST).toString("hex") === sha256Bytes(content) ? content : undefined;
};

const once: Cache["once"] = (kind, key, compute, warn) => {
  const path = join(computedRoot(), kind, sha256Bytes(key));
  const before = known.get(path);
  if (before) return before;
  const find = async (): Promise<Uint8Array> => {
    const kept = readComputed(path);
    if (kept) return kept;
    const content = await compute();
    try {
      makeFolder(dirname(path));
      writeFileAtomically(path, Buffer.concat([Buffer.from(sha256Bytes(content), "hex"), content]));
    } catch (error) {
      if (!(error instanceof VaelabError) || error.code !== "NOT_WRITABLE") throw error;
      warn(`results for the data set could not be cached for the next run: ${error.message}`);
    }
    return content;
  };
  const found = find();
  known.set(path, found);
  found.catch(() => known.delete(path));
  return found;
};

export const diskCache: Cache = { once };
