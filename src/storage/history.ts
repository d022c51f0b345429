/**
 * history.jsonl: one HistoryLine per line, append-only. A checkpoint stores the result of `flush()`, the length of the log in
 * bytes. A resumed run truncates the file there, so that it ends with the same bytes as an uninterrupted run.
 */
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { SPLITS } from "../contracts/dataset.js";
import { VaelabError } from "../errors.js";
import { asNotWritable } from "./files.js";
import { assertFormat, claimedFormat, FORMAT } from "./format.js";
import { canonicalJson, isObject, LARGEST_TEXT } from "./json.js";
import type { HistoryLine } from "./layout.js";
import { readBytes } from "./read-file.js";

/** A line with its value parsed to a number. */
export type HistoryEntry = Omit<HistoryLine, "value"> & { value: number };

const SPELLINGS = new Map<unknown, number>([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** NaN and infinities as the strings that stand for them in JSON. */
export const spellNumber = (value: number): HistoryLine["value"] =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

/** Buffers lines to save system calls. */
const BUFFER_CHARACTERS = 1 << 16;
const NEWLINE = 0x0a;

export class HistoryLog {
  private readonly descriptor: number;
  private waiting: string[] = [];
  private waitingCharacters = 0;
  private written: number;

  /**
   * @param offset length to truncate to: 0 for a new run, a checkpoint's offset for a resumed one.
   * @throws NOT_WRITABLE; RUN_FOLDER if the file is shorter than the offset, or no line ends there.
   */
  constructor(
    private readonly path: string,
    offset = 0,
  ) {
    this.descriptor = this.guarded(() => openSync(path, constants.O_RDWR | constants.O_CREAT));
    const { size } = fstatSync(this.descriptor);
    const last = new Uint8Array(1);
    if (offset > 0) readSync(this.descriptor, last, 0, 1, offset - 1);
    if (size < offset || (offset > 0 && last[0] !== NEWLINE)) {
      closeSync(this.descriptor);
      throw new VaelabError("RUN_FOLDER", {
        message: `the log does not belong to the checkpoint, which needs a line to end at byte ${offset} of ${size}`,
        where: path,
        remedy: "Put the run's own history.jsonl back, or start the run again.",
      });
    }
    this.guarded(() => ftruncateSync(this.descriptor, offset));
    this.written = offset;
  }

  append(measurement: HistoryEntry): void {
    const line = `${canonicalJson({ format: FORMAT, ...measurement, value: spellNumber(measurement.value) })}\n`;
    this.waiting.push(line);
    this.waitingCharacters += line.length;
    if (this.waitingCharacters >= BUFFER_CHARACTERS) this.write();
  }

  /** Passes all lines to the system, visible to other processes, without fsync. */
  write(): void {
    const bytes = Buffer.from(this.waiting.join(""));
    this.waiting = [];
    this.waitingCharacters = 0;
    this.guarded(() => {
      for (let done = 0; done < bytes.length; ) {
        const count = writeSync(this.descriptor, bytes, done, bytes.length - done, this.written);
        done += count;
        this.written += count;
      }
    });
  }

  /** Makes all lines durable. @returns the file's length in bytes, which a checkpoint stores. */
  flush(): number {
    this.write();
    this.guarded(() => fsyncSync(this.descriptor));
    return this.written;
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private guarded<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw asNotWritable(error, this.path);
    }
  }
}

/** @returns undefined for anything else. @throws FORMAT */
const parseLine = (line: string, where: string): HistoryEntry | undefined => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  assertFormat(claimedFormat(parsed), where);
  const { step, epoch, split, name } = parsed;
  const value = SPELLINGS.get(parsed.value) ?? parsed.value;
  if (typeof step !== "number" || typeof epoch !== "number" || typeof name !== "string" || typeof value !== "number")
    return undefined;
  const known = SPLITS.find((each) => each === split);
  return known && { step, epoch, split: known, name, value };
};

/**
 * Ignores an incomplete last line, which a killed process may leave. @throws NOT_FOUND, NOT_READABLE, FORMAT; DATA naming the
 * damaged line.
 */
export const readHistory = (path: string): HistoryEntry[] => {
  const lines = readBytes(path, LARGEST_TEXT).toString("utf8").split("\n");
  lines.pop();
  return lines.map((line, i) => {
    const where = `${path}:${i + 1}`;
    const measurement = parseLine(line, where);
    if (measurement) return measurement;
    throw new VaelabError("DATA", { message: "not a line of a training history", where });
  });
};
