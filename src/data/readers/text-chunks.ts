/** Streams a text file in chunks, decompressing gzip: UTF-8 without the byte order mark. No chunk ends inside a character. */
import { isUtf8 } from "node:buffer";
import { type DataFile, damaged, openFile } from "./data-file.js";
import { gunzipper } from "./gunzip.js";

export interface TextSink {
  push(chunk: Buffer): void;
  /** Called after each chunk. @param done bytes read, of `size`. */
  progress(done: number, size: number): void;
  end(): void;
}

const CHUNK = 2 ** 20;
/** Chunk of a packed file. Deflate expands a byte to at most 1032, so a chunk becomes at most 16 MiB. */
const PACKED_CHUNK = 2 ** 14;

/** Byte order marks of other encodings. */
const MARKS: readonly [name: string, ...bytes: number[]][] = [
  ["UTF-32", 0xff, 0xfe, 0, 0],
  ["UTF-32", 0, 0, 0xfe, 0xff],
  ["UTF-16", 0xff, 0xfe],
  ["UTF-16", 0xfe, 0xff],
];
const REMEDY = "Save it as UTF-8.";

const isText = (bytes: Uint8Array, stream: boolean): boolean => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
};

/** Index of the first invalid character. Prefixes before it are valid, so bisection finds it. */
const firstWrongByte = (bytes: Uint8Array): number => {
  let [sound, length] = [0, bytes.length];
  while (sound < length) {
    const middle = Math.ceil((sound + length) / 2);
    if (isText(bytes.subarray(0, middle), true)) sound = middle;
    else length = middle - 1;
  }
  while (!isText(bytes.subarray(0, sound), false)) sound--;
  return sound;
};

/** Length of the complete characters; the last one may continue in the next chunk. */
const wholeCharacters = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return back < length ? bytes.length - back : bytes.length;
  }
  return bytes.length;
};

/** Validates chunks of any length and passes them on as text. */
const checked = (name: string, push: (chunk: Buffer) => void): { push(bytes: Uint8Array): void; end(): void } => {
  let position = 0;
  let rest = Buffer.alloc(0);
  const check = (bytes: Buffer): void => {
    if (position === 0) {
      const mark = MARKS.find(([, ...mark]) => mark.every((byte, i) => bytes[i] === byte));
      if (mark) throw damaged(`${name} byte 0`, `the text is ${mark[0]}, not UTF-8`, { remedy: REMEDY });
    }
    if (!isUtf8(bytes))
      throw damaged(`${name} byte ${position + firstWrongByte(bytes)}`, "the text is not UTF-8", { remedy: REMEDY });
    const nul = bytes.indexOf(0);
    if (nul < 0) return;
    const message = "it contains a NUL character: it is UTF-16 without a byte order mark, or not text";
    throw damaged(`${name} byte ${position + nul}`, message, { remedy: REMEDY });
  };
  const take = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    check(bytes);
    const marked = position === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    position += bytes.length;
    push(marked ? bytes.subarray(3) : bytes);
  };
  return {
    push: (piece) => {
      const bytes = Buffer.concat([rest, piece]);
      // The first bytes identify the encoding.
      const whole = position === 0 && bytes.length < 4 ? 0 : wholeCharacters(bytes);
      rest = bytes.subarray(whole);
      take(bytes.subarray(0, whole));
    },
    end: () => take(rest),
  };
};

/**
 * Reads on until the caller stops asking, a chunk at a time; the sink gets its text in between.
 * @throws DATA naming the byte if the file is not text, damaged or empty
 */
export function* textSteps(file: DataFile, sink: TextSink): Generator<void, void, undefined> {
  const opened = openFile(file);
  try {
    const { size, read } = opened;
    if (size === 0) throw damaged(file.name, "the file is empty");
    const text = checked(file.name, sink.push);
    const head = read(0, Math.min(2, size));
    const packed = head[0] === 0x1f && head[1] === 0x8b;
    const bytes = packed ? gunzipper(file.name, { size, read }, text.push) : text;
    const chunk = packed ? PACKED_CHUNK : CHUNK;
    for (let at = 0; at < size; at += chunk) {
      const length = Math.min(chunk, size - at);
      bytes.push(read(at, length));
      sink.progress(at + length, size);
      yield;
    }
    if (packed) bytes.end();
    text.end();
    sink.end();
  } finally {
    opened.close();
  }
}

/** @throws DATA naming the byte if the file is not text, damaged or empty */
export const readText = (file: DataFile, sink: TextSink): void => {
  for (const _ of textSteps(file, sink));
};
