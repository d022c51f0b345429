/**
 * A piece of a folder, or the reason for its absence. Reports matter most when a run failed, so an absent or damaged file
 * becomes a line in the report and never aborts it. Only a file of a newer version does, because a partial report would mislead.
 */
import { join } from "node:path";
import { VaelabError } from "../../errors.js";
import type { Guard } from "../../storage/guards.js";
import { inside } from "../../storage/inside.js";
import { readGuarded } from "../../storage/read-guarded.js";

export type Piece<T> = { readonly value: T } | { readonly missing: string };

export const has = <T>(piece: Piece<T>): piece is { readonly value: T } => "value" in piece;
export const contentOf = <T>(piece: Piece<T>): T | undefined => (has(piece) ? piece.value : undefined);
export const missing = (reason: string): { readonly missing: string } => ({ missing: reason });

/** The messages, with the place in the file if known, but without the path of the folder. */
const describe = (error: unknown, path: string): string => {
  if (!(error instanceof VaelabError)) return error instanceof Error ? error.message : String(error);
  const placeOf = (where = ""): string =>
    where.startsWith(path) ? where.slice(path.length).replace(/^[:/ ]+/, "") : "";
  return error.problems.map(({ message, where }) => [message, placeOf(where)].filter(Boolean).join(", at ")).join("; ");
};

/** Result of `read`, or a one-line reason why the file is absent or invalid. @throws FORMAT */
export const pieceOf = <T>(folder: string, file: string, read: (path: string) => T): Piece<T> => {
  let path = join(folder, file);
  try {
    path = inside(folder, file);
    return { value: read(path) };
  } catch (error) {
    if (error instanceof VaelabError && error.code === "FORMAT") throw error;
    if (error instanceof VaelabError && error.code === "NOT_FOUND") return missing(`${file} is not in this folder`);
    return missing(`${file} cannot be read: ${describe(error, path)}`);
  }
};

/** A JSON file that passes the guard. @param limit in bytes */
export const jsonPiece = <T>(folder: string, file: string, guard: Guard, limit?: number): Piece<T> =>
  pieceOf(folder, file, (path) => readGuarded<T>(path, guard, limit));
