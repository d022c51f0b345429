/**
 * A piece of a folder, or why it is not there. A report is most needed where a run went wrong, so an absent or damaged file
 * is a line in it and never an end of it.
 */
import { join } from "node:path";
import { VaelabError } from "../../core/errors.js";
import { isObject, parseJson } from "../../core/run-folder/json.js";
import { readBytes } from "../../core/run-folder/files.js";

export type Piece<T> = { readonly value: T } | { readonly missing: string };

export const has = <T>(piece: Piece<T>): piece is { readonly value: T } => "value" in piece;
export const contentOf = <T>(piece: Piece<T>): T | undefined => (has(piece) ? piece.value : undefined);
export const missing = (reason: string): { readonly missing: string } => ({ missing: reason });

const describe = (error: unknown): string =>
  error instanceof VaelabError
    ? error.problems.map(({ message }) => message).join("; ")
    : error instanceof Error
      ? error.message
      : String(error);

/** What `read` makes of the file, or the reason in one line: the file is absent, or what is wrong with it. */
export const pieceOf = <T>(folder: string, file: string, read: (bytes: Buffer) => T): Piece<T> => {
  try {
    return { value: read(readBytes(join(folder, file))) };
  } catch (error) {
    if (error instanceof VaelabError && error.code === "NOT_FOUND") return missing(`${file} is not in this folder`);
    return missing(`${file} cannot be read: ${describe(error)}`);
  }
};

/** A JSON file, with the members that everything here relies on checked: the folder may come from anywhere. */
export const jsonPiece = <T>(folder: string, file: string, members: readonly (keyof T & string)[]): Piece<T> =>
  pieceOf(folder, file, (bytes) => {
    const value = parseJson(bytes.toString("utf8"), file);
    if (!isObject(value)) throw new Error("it is not a JSON object");
    const absent = members.find((member) => value[member] === undefined || value[member] === null);
    if (absent !== undefined) throw new Error(`it has no "${absent}"`);
    return value as T;
  });
