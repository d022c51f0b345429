/** Streaming .npz writer, for arrays larger than memory: a zip of .npy files, written block by block. numpy.load reads it. */
import { sizeOf } from "../tensor/fields.js";
import { bytesPerElement, type Descriptor, npyHeader } from "./npy.js";
import { ZipStream } from "./zip-stream.js";

export interface StreamedArray {
  dtype: Descriptor;
  shape: readonly number[];
}

const memberOf = (array: string): string => `${array}.npy`;

export class NpzStream {
  private readonly zip: ZipStream;

  /** @throws NOT_WRITABLE; USAGE if the arrays exceed the size of an .npz */
  constructor(
    readonly path: string,
    arrays: Readonly<Record<string, StreamedArray>>,
  ) {
    const members = Object.entries(arrays).map(([array, { dtype, shape }]) => {
      const header = npyHeader(dtype, shape);
      const size = header.length + sizeOf(shape) * bytesPerElement(dtype);
      return { name: memberOf(array), header, size };
    });
    this.zip = new ZipStream(path, members, {
      subject: "the arrays take",
      container: "an .npz file",
      remedy: "Write a .csv, or fewer examples.",
    });
    for (const { name, header } of members) this.zip.append(name, header);
  }

  /** The array's next values, in row-major order. @throws CONTRACT if its shape holds fewer */
  append(array: string, values: ArrayBufferView): void {
    this.zip.append(memberOf(array), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** Renames the file to its final name. @throws CONTRACT if an array is incomplete */
  close(): void {
    this.zip.close();
  }

  /** Discards the file unless it was closed; for `finally`. */
  discard(): void {
    this.zip.discard();
  }
}
