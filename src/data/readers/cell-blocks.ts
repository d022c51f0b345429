/** The cells of a table as doubles, row by row in blocks. Memory grows with the table, without copies. */
import type { VaelabError } from "../../errors.js";
import { availableMemory, describeBytes } from "../../storage/memory.js";
import { damaged } from "./data-file.js";

export interface Cells {
  readonly rows: number;
  at(row: number, column: number): number;
}
export interface CellBlocks extends Cells {
  beginRow(): void;
  /** Writes into the current row. */
  set(column: number, value: number): void;
  /**
   * @throws DATA if the estimated remaining rows exceed memory by far. If they exceed it slightly, a later block is refused
   */
  assertRoom(moreRows: number): void;
}

const BLOCK_BYTES = 2 ** 22;
const BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Memory that reading needs in addition to the cells. */
const RESERVE = 2 ** 25;

/** @param width columns per row; @param file name for messages */
export const cellBlocks = (width: number, file: string, bytesFree: () => number = availableMemory): CellBlocks => {
  const shift = Math.max(0, Math.floor(Math.log2(BLOCK_BYTES / BYTES / width)));
  const mask = 2 ** shift - 1;
  const blocks: Float64Array[] = [];
  let rows = 0;
  let block: Float64Array = new Float64Array(0);
  let offset = 0;
  /** @param more bytes still to be read */
  const tooLarge = (more: number, available: number): VaelabError => {
    const held = rows * width * BYTES;
    const message = `its ${width} columns need ${describeBytes(held + more)} of memory, but ${describeBytes(held + available)} are available`;
    const remedy = 'Declare columns "ignored", use fewer rows, or save the table as .npy, which is read in place.';
    return damaged(file, message, { remedy });
  };
  return {
    get rows() {
      return rows;
    },
    at: (row, column) => blocks[row >>> shift]![(row & mask) * width + column]!,
    beginRow: () => {
      const place = rows & mask;
      if (place === 0) {
        const bytes = (mask + 1) * width * BYTES;
        const available = bytesFree();
        if (rows > 0 && bytes + RESERVE > available) throw tooLarge(bytes, available);
        block = new Float64Array((mask + 1) * width);
        blocks.push(block);
      }
      offset = place * width;
      rows++;
    },
    set: (column, value) => {
      block[offset + column] = value;
    },
    assertRoom: (moreRows) => {
      const more = moreRows * width * BYTES;
      const available = bytesFree();
      if (more > 2 * (available + RESERVE)) throw tooLarge(more, available);
    },
  };
};
