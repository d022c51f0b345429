/**
 * Streaming .npz writer, for arrays larger than memory. Sizes are known beforehand and members are stored uncompressed, so
 * every block has a fixed place in the file. Checksums are updated with each block, and headers and directory are written at
 * the end (PKWARE APPNOTE 4.3). numpy.load reads it.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { VaelabError } from "../errors.js";
import { sizeOf } from "../tensor/fields.js";
import { asNotWritable, syncFolder, temporaryName } from "./files.js";
import { bytesPerElement, type Descriptor, npyHeader } from "./npy.js";
import { crc32 } from "./zip.js";
import { ELSEWHERE, END_BYTES, ENTRY_BYTES, LOCAL_BYTES } from "./zip-format.js";

export interface StreamedArray {
  dtype: Descriptor;
  shape: readonly number[];
}

interface Member {
  name: Buffer;
  /** Byte of the local header in the file. */
  at: number;
  header: Uint8Array;
  size: number;
  written: number;
  checksum: number;
}

/** Fixed time stamp of all archives: 12:00 on 1 January 1980. */
const TIME = 12 << 11;
const DATE = (1 << 5) | 1;

/** Fields shared by local header and directory entry. */
const description = ({ name, size, checksum }: Member): Buffer => {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(20, 0); // version 2.0
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

const layOut = (arrays: Readonly<Record<string, StreamedArray>>): { members: Map<string, Member>; end: number } => {
  let at = 0;
  const members = new Map<string, Member>();
  for (const [array, { dtype, shape }] of Object.entries(arrays)) {
    const name = Buffer.from(`${array}.npy`);
    const header = npyHeader(dtype, shape);
    const size = header.length + sizeOf(shape) * bytesPerElement(dtype);
    members.set(array, { name, at, header, size, written: header.length, checksum: crc32(header) });
    at += LOCAL_BYTES + name.length + size;
  }
  return { members, end: at };
};

export class NpzStream {
  private readonly members: Map<string, Member>;
  private readonly end: number;
  private readonly temporary: string;
  private descriptor: number | undefined;

  /** @throws NOT_WRITABLE; USAGE if the arrays exceed the size of an .npz */
  constructor(
    readonly path: string,
    arrays: Readonly<Record<string, StreamedArray>>,
  ) {
    ({ members: this.members, end: this.end } = layOut(arrays));
    if (this.end + this.members.size * (ENTRY_BYTES + 64) + END_BYTES > ELSEWHERE)
      throw new VaelabError("USAGE", {
        message: `the arrays take ${(this.end / 2 ** 30).toFixed(1)} GiB, but an .npz file holds at most 4 GiB`,
        where: path,
        remedy: "Write a .csv, or fewer examples.",
      });
    this.temporary = temporaryName(path);
    this.descriptor = this.guarded(() => openSync(this.temporary, "wx"));
    for (const member of this.members.values()) this.put(member.header, member.at + LOCAL_BYTES + member.name.length);
  }

  /** The array's next values, in row-major order. */
  append(array: string, values: ArrayBufferView): void {
    const member = this.members.get(array);
    if (!member || member.written + values.byteLength > member.size)
      throw new VaelabError("CONTRACT", { message: `more values for the array "${array}" than its shape holds` });
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.put(bytes, member.at + LOCAL_BYTES + member.name.length + member.written);
    member.written += bytes.length;
    member.checksum = crc32(bytes, member.checksum);
  }

  /** Renames the file to its final name. @throws CONTRACT if an array is incomplete */
  close(): void {
    const short = [...this.members].find(([, { written, size }]) => written !== size);
    if (short) throw new VaelabError("CONTRACT", { message: `the array "${short[0]}" is incomplete` });
    for (const member of this.members.values()) this.put(localHeader(member), member.at);
    const directory = Buffer.concat([...this.members.values()].map(entryOf));
    const end = Buffer.alloc(END_BYTES);
    end.write("PK\x05\x06");
    end.writeUInt16LE(this.members.size, 8);
    end.writeUInt16LE(this.members.size, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(this.end, 16);
    this.put(Buffer.concat([directory, end]), this.end);
    this.guarded(() => {
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
    this.guarded(() => {
      for (let written = 0; written < bytes.length; )
        written += writeSync(this.descriptor!, bytes, written, bytes.length - written, at + written);
    });
  }
  private guarded<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw asNotWritable(error, this.path);
    }
  }
}
