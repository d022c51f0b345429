/**
 * Streaming zip writer, for content larger than memory. Sizes are known beforehand and members are stored uncompressed, so
 * every block has a fixed place in the file. Checksums are updated with each block, and headers and directory are written at
 * the end (PKWARE APPNOTE 4.3). Equal content gives equal bytes.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { VaelabError } from "../errors.js";
import { syncFolder, temporaryName, writing } from "./files.js";
import { crc32 } from "./zip.js";
import { ELSEWHERE, END_BYTES, ENTRY_BYTES, LOCAL_BYTES } from "./zip-format.js";

export interface StreamedMember {
  name: string;
  /** In bytes. */
  size: number;
}

/** What is said of members that a zip cannot hold. */
export interface Oversize {
  /** "the arrays take". */
  subject: string;
  /** "an .npz file". */
  container: string;
  remedy: string;
}

interface Member {
  name: Buffer;
  /** Byte of the local header in the file. */
  at: number;
  size: number;
  written: number;
  checksum: number;
}

/** Fixed time stamp of all archives: 12:00 on 1 January 1980. */
const TIME = 12 << 11;
const DATE = (1 << 5) | 1;
/** General purpose bit 11: the name is UTF-8. */
const UTF8 = 0x800;

/** Fields shared by local header and directory entry. */
const description = ({ name, size, checksum }: Member): Buffer => {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(20, 0); // version 2.0
  bytes.writeUInt16LE(name.some((byte) => byte > 0x7f) ? UTF8 : 0, 2);
  bytes.writeUInt16LE(TIME, 6);
  bytes.writeUInt16LE(DATE, 8);
  bytes.writeUInt32LE(checksum, 10);
  bytes.writeUInt32LE(size, 14);
  bytes.writeUInt32LE(size, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
};
const localHeader = (member: Member): Buffer =>
  Buffer.concat([Buffer.from("PK\x03\x04"), description(member), member.name]);
const entryOf = (member: Member): Buffer => {
  const place = Buffer.alloc(14);
  place.writeUInt32LE(member.at, 10);
  return Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), description(member), place, member.name]);
};

export class ZipStream {
  private readonly members = new Map<string, Member>();
  /** Byte at which the directory begins. */
  private readonly end: number;
  private readonly temporary: string;
  private descriptor: number | undefined;

  /** @param members in their order in the file. @throws NOT_WRITABLE; USAGE if they exceed the size of a zip */
  constructor(
    readonly path: string,
    members: readonly StreamedMember[],
    { subject, container, remedy }: Oversize,
  ) {
    let at = 0;
    for (const { name: text, size } of members) {
      const name = Buffer.from(text);
      this.members.set(text, { name, at, size, written: 0, checksum: 0 });
      at += LOCAL_BYTES + name.length + size;
    }
    this.end = at;
    if (this.end + this.members.size * (ENTRY_BYTES + 64) + END_BYTES > ELSEWHERE)
      throw new VaelabError("USAGE", {
        message: `${subject} ${(this.end / 2 ** 30).toFixed(1)} GiB, but ${container} holds at most 4 GiB`,
        where: path,
        remedy,
      });
    this.temporary = temporaryName(path);
    this.descriptor = writing(path, () => openSync(this.temporary, "wx"));
  }

  /** The next bytes of a member; the members may take turns. @throws NOT_WRITABLE; CONTRACT if they exceed its size */
  append(name: string, bytes: Uint8Array): void {
    const member = this.members.get(name);
    if (!member || member.written + bytes.length > member.size)
      throw new VaelabError("CONTRACT", { message: `more bytes for "${name}" than its size` });
    this.put(bytes, member.at + LOCAL_BYTES + member.name.length + member.written);
    member.written += bytes.length;
    member.checksum = crc32(bytes, member.checksum);
  }

  /** Renames the file to its final name. @throws NOT_WRITABLE; CONTRACT if a member is incomplete */
  close(): void {
    const short = [...this.members].find(([, { written, size }]) => written !== size);
    if (short) throw new VaelabError("CONTRACT", { message: `"${short[0]}" is incomplete` });
    for (const member of this.members.values()) this.put(localHeader(member), member.at);
    const directory = Buffer.concat([...this.members.values()].map(entryOf));
    const end = Buffer.alloc(END_BYTES);
    end.write("PK\x05\x06");
    end.writeUInt16LE(this.members.size, 8);
    end.writeUInt16LE(this.members.size, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(this.end, 16);
    this.put(Buffer.concat([directory, end]), this.end);
    writing(this.path, () => {
      fsyncSync(this.descriptor!);
      this.release();
      renameSync(this.temporary, this.path);
      syncFolder(dirname(this.path));
    });
  }

  /** Discards the file unless it was closed; for `finally`. */
  discard(): void {
    this.release();
    rmSync(this.temporary, { force: true });
  }

  private release(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
  private put(bytes: Uint8Array, at: number): void {
    writing(this.path, () => {
      for (let written = 0; written < bytes.length; )
        written += writeSync(this.descriptor!, bytes, written, bytes.length - written, at + written);
    });
  }
}
