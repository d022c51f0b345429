/**
 * Writes history.jsonl. Lines are only appended. Each holds a value, or declares figures before their first value
 * (src/storage/read-history.ts reads them). A checkpoint stores the result of `flush()`, the length of the log in bytes. A resumed
 * run truncates the file there, so that it ends with the same bytes as an uninterrupted run.
 */
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import type { LoggedFigure } from "../contracts/logged-figure.js";
import { VaelabError } from "../errors.js";
import { asNotWritable } from "./files.js";
import { FORMAT } from "./format.js";
import { canonicalJson } from "./json.js";
import type { HistoryEntry, HistoryLine } from "./layout.js";
import { declaredFigures } from "./read-history.js";

/** Numbers as JSON; NaN and infinities as strings. */
export const spellNumber = (value: number): HistoryLine["value"] =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

/** Buffers lines to save system calls. */
const BUFFER_CHARACTERS = 1 << 16;
const NEWLINE = 0x0a;

export class HistoryLog {
  private readonly descriptor: number;
  private readonly declared = new Map<string, LoggedFigure>();
  private waiting: string[] = [];
  private waitingCharacters = 0;
  private written: number;

  /**
   * @param offset length to truncate to: 0 for a new run, a checkpoint's offset for a resumed one.
   * @throws NOT_WRITABLE; RUN_FOLDER if the file is shorter than the offset or no line ends there; DATA if a declaration is damaged
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
        message: `the history does not match the checkpoint: no line ends at byte ${offset} of ${size}`,
        where: path,
        remedy: "Restore the original history.jsonl, or start the run again.",
      });
    }
    this.guarded(() => ftruncateSync(this.descriptor, offset));
    this.written = offset;
    if (offset > 0) for (const figure of declaredFigures(path)) this.declared.set(figure.name, figure);
  }

  /** All figures that the file declares. */
  get figures(): readonly LoggedFigure[] {
    return [...this.declared.values()];
  }

  /** Declares the figures that are new or have changed since their last declaration. */
  declare(figures: readonly LoggedFigure[]): void {
    const isNew = (figure: LoggedFigure): boolean =>
      canonicalJson(this.declared.get(figure.name) ?? null) !== canonicalJson(figure);
    const added = figures.filter(isNew);
    for (const figure of added) this.declared.set(figure.name, figure);
    if (added.length > 0) this.push({ figures: added });
  }

  /** @throws INTERNAL if its figure is not declared */
  append(entry: HistoryEntry): void {
    if (!this.declared.has(entry.name))
      throw new VaelabError("INTERNAL", { message: `the logged figure "${entry.name}" is not declared` });
    this.push({ ...entry, value: spellNumber(entry.value) });
  }

  private push(content: object): void {
    const line = `${canonicalJson({ format: FORMAT, ...content })}\n`;
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
