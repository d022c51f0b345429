/**
 * Extracts chosen members of a zip archive, such as a wheel, straight to files, by its central directory (PKWARE APPNOTE
 * 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16). A member whose path leaves the target folder, or whose length differs from the
 * directory entry, is an error.
 */
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { VaelabError } from "../../errors.js";
import { END, END_BYTES, ENTRY, ENTRY_BYTES, LOCAL, LOCAL_BYTES, LONGEST_COMMENT } from "../../storage/zip-format.js";

interface Member {
  name: string;
  method: number;
  packed: number;
  unpacked: number;
  offset: number;
}

const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
};

const readDirectory = async (file: FileHandle, archive: string): Promise<Member[]> => {
  const damaged = (what: string) =>
    new VaelabError("ENGINE", { message: `not a whole zip archive: ${what}`, where: archive });
  const { size } = await file.stat();
  const tailBytes = Math.min(size, END_BYTES + LONGEST_COMMENT);
  const tail = await readAt(file, size - tailBytes, tailBytes);
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw damaged("it has no central directory");
  const count = tail.readUInt16LE(end + 10);
  const directoryBytes = tail.readUInt32LE(end + 12);
  const directory = await readAt(file, tail.readUInt32LE(end + 16), directoryBytes);
  if (directory.length !== directoryBytes) throw damaged("its central directory is cut short");
  const members: Member[] = [];
  for (let at = 0; members.length < count; ) {
    if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY)
      throw damaged(`entry ${members.length} of its central directory`);
    const nameBytes = directory.readUInt16LE(at + 28);
    members.push({
      name: directory.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      unpacked: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += ENTRY_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return members;
};

/** Target path of a member; it must lie inside the folder. */
const targetOf = (folder: string, name: string): string => {
  const target = resolve(folder, name);
  const inside = relative(folder, target);
  if (
    isAbsolute(name) ||
    isAbsolute(inside) ||
    inside === "" ||
    inside.split(/[\\/]/)[0] === ".." ||
    name.includes("\\")
  )
    throw new VaelabError("ENGINE", { message: `the archive holds a path that leaves its folder: ${name}` });
  return target;
};

/** Extracts every member for which `wanted` returns a path, to that path under `folder`. Returns the written paths. */
export const extractMembers = async (
  archive: string,
  folder: string,
  wanted: (name: string) => string | undefined,
  progress: (done: number, total: number) => void = () => {},
): Promise<string[]> => {
  const file = await open(archive, "r");
  try {
    const chosen = (await readDirectory(file, archive)).flatMap((member) => {
      const to = member.name.endsWith("/") ? undefined : wanted(member.name);
      return to === undefined ? [] : [{ ...member, target: targetOf(resolve(folder), to) }];
    });
    const total = chosen.reduce((sum, { unpacked }) => sum + unpacked, 0);
    let done = 0;
    for (const { name, method, packed, unpacked, offset, target } of chosen) {
      const local = await readAt(file, offset, LOCAL_BYTES);
      const damaged = (what: string) =>
        new VaelabError("ENGINE", { message: `${name} in the archive ${what}`, where: archive });
      if (local.length < LOCAL_BYTES || local.readUInt32LE(0) !== LOCAL) throw damaged("has no header");
      if (method !== 0 && method !== 8) throw damaged(`is packed by method ${method}; only deflate is known`);
      const start = offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
      let written = 0;
      const count = new Transform({
        transform(chunk: Buffer, _encoding, next) {
          written += chunk.length;
          progress(done + written, total);
          next(null, chunk);
        },
      });
      mkdirSync(dirname(target), { recursive: true });
      if (packed === 0) await pipeline([], createWriteStream(target));
      else {
        const source = createReadStream(archive, { start, end: start + packed - 1, highWaterMark: 1 << 20 });
        const sink = createWriteStream(target);
        if (method === 8) await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), count, sink);
        else await pipeline(source, count, sink);
      }
      if (written !== unpacked) throw damaged(`unpacks to ${written} bytes, not ${unpacked}`);
      done += unpacked;
    }
    return chosen.map(({ target }) => target);
  } finally {
    await file.close();
  }
};
