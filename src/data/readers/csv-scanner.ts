/**
 * Streaming scanner for CSV (RFC 4180). LF, CRLF and CR each end a row, in any mixture. Space around cells and around their
 * quotes is trimmed; a quote inside an unquoted cell is content. Rows count from 1, as in a spreadsheet.
 */
import { damaged } from "./data-file.js";

export interface CellSink {
  /** Called for the cell in bytes [start, end), without its quotes. */
  cell(bytes: Buffer, start: number, end: number, row: number): void;
  endRow(row: number): void;
  /** Called for an empty row, without delimiters or quotes. */
  emptyLine(row: number): void;
}
export interface CsvScanner {
  push(chunk: Buffer): void;
  end(): void;
}

const [TAB, LF, CR, SPACE, QUOTE] = [0x09, 0x0a, 0x0d, 0x20, 0x22];
/** Longer cells indicate a quote that is never closed, or a file that is not a table. */
const LONGEST_CELL = 2 ** 20;

/** Replaces the doubled quotes in a quoted cell. */
const undoubled = (bytes: Buffer, start: number, end: number): Buffer => {
  const out = Buffer.allocUnsafe(end - start);
  let length = 0;
  for (let at = start; at < end; at++) {
    out[length++] = bytes[at]!;
    if (bytes[at] === QUOTE) at++;
  }
  return out.subarray(0, length);
};

/** Lookup table: 1 for bytes that match, else 0. */
const bytesThat = (answer: (byte: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => Number(answer(byte)));

/** Index of the closing quote of the cell that opens at `start`; undefined if the bytes end first. */
const closingQuote = (bytes: Buffer, start: number, last: boolean): { close: number; doubled: boolean } | undefined => {
  let doubled = false;
  for (let close = bytes.indexOf(QUOTE, start + 1); close >= 0; close = bytes.indexOf(QUOTE, close + 2)) {
    if (close + 1 === bytes.length && !last) return undefined;
    if (bytes[close + 1] !== QUOTE) return { close, doubled };
    doubled = true;
  }
  return undefined;
};

/** @param delimiter one byte. @throws DATA naming the row */
export const csvScanner = (file: string, delimiter: number, sink: CellSink): CsvScanner => {
  const isBlank = bytesThat((byte) => (byte === SPACE || byte === TAB) && byte !== delimiter);
  const endsCell = bytesThat((byte) => byte === delimiter || byte === LF || byte === CR);
  /** Current row, and whether one of its cells was read. */
  let row = 1;
  let begun = false;
  let afterReturn = false;
  let rest: Buffer = Buffer.alloc(0);

  const refuse = (message: string, remedy?: string) =>
    damaged(`${file} row ${row}`, message, remedy === undefined ? {} : { remedy });

  /** Reads a quoted cell. @returns the index after it, or -1 if the bytes end first. */
  const quoted = (bytes: Buffer, start: number, last: boolean): number => {
    const found = closingQuote(bytes, start, last);
    if (!found) {
      if (last) throw refuse("a quoted cell is never closed");
      return -1;
    }
    const { close, doubled } = found;
    let after = close + 1;
    while (after < bytes.length && isBlank[bytes[after]!] === 1) after++;
    if (after === bytes.length && !last) return -1;
    if (after < bytes.length && endsCell[bytes[after]!] === 0)
      throw refuse("text follows the closing quote of a cell", "Double the quotes inside a quoted cell.");
    const content = doubled ? undoubled(bytes, start + 1, close) : bytes.subarray(start + 1, close);
    sink.cell(content, 0, content.length, row);
    return after;
  };

  /** @returns the first byte of the incomplete cell at the end. */
  const scan = (bytes: Buffer, last: boolean): number => {
    const end = bytes.length;
    let at = 0;
    if (afterReturn && end > 0) {
      if (bytes[0] === LF) at++;
      afterReturn = false;
    }
    while (at < end || (last && begun)) {
      let start = at;
      while (start < end && isBlank[bytes[start]!] === 1) start++;
      let stop = start;
      let isEmptyLine = false;
      if (start < end && bytes[start] === QUOTE) {
        stop = quoted(bytes, start, last);
        if (stop < 0) return at;
      } else {
        while (stop < end && endsCell[bytes[stop]!] === 0) stop++;
        if (stop === end && !last) return at;
        let trimmed = stop;
        while (trimmed > start && isBlank[bytes[trimmed - 1]!] === 1) trimmed--;
        isEmptyLine = trimmed === start && !begun && bytes[stop] !== delimiter;
        if (!isEmptyLine) sink.cell(bytes, start, trimmed, row);
      }
      const byte = stop < end ? bytes[stop]! : LF;
      at = stop + 1;
      if (byte === delimiter) begun = true;
      else {
        if (isEmptyLine) sink.emptyLine(row);
        else sink.endRow(row);
        row++;
        begun = false;
        if (byte === CR && at === end) afterReturn = true;
        else if (byte === CR && bytes[at] === LF) at++;
      }
    }
    return end;
  };

  const read = (chunk: Buffer, last: boolean): void => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const at = scan(bytes, last);
    rest = Buffer.from(bytes.subarray(at));
    if (rest.length > LONGEST_CELL)
      throw refuse("a cell exceeds 1 MiB", "Check for a quote that is never closed, and that the file is a table.");
  };
  return { push: (chunk) => read(chunk, false), end: () => read(Buffer.alloc(0), true) };
};
