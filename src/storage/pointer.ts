/** LATEST and BEST: one line with "step-N" and its checksum, so that a damaged pointer never names another checkpoint. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { VaelabError } from "../errors.js";
import { sha256Bytes, writeFileAtomically } from "./files.js";
import { readBytes } from "./read-file.js";

const FILES = { latest: "LATEST", best: "BEST" } as const;
export type Pointer = keyof typeof FILES;

export const checkpointName = (step: number): string => `step-${step}`;

/** @returns undefined for other names, including leftovers. */
export const stepOf = (name: string): number | undefined => {
  const digits = /^step-(0|[1-9]\d{0,14})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

const lineOf = (name: string): string => `${name} ${sha256Bytes(name).slice(0, 16)}\n`;

export const writePointer = (folder: string, pointer: Pointer, step: number): void =>
  writeFileAtomically(join(folder, FILES[pointer]), lineOf(checkpointName(step)));

/** Whether it was ever written, damaged or not. */
export const hasPointer = (folder: string, pointer: Pointer): boolean => existsSync(join(folder, FILES[pointer]));

/** @returns undefined if it is missing or damaged. */
export const readPointer = (folder: string, pointer: Pointer): number | undefined => {
  try {
    const line = readBytes(join(folder, FILES[pointer])).toString("utf8");
    const name = line.split(" ")[0]!;
    return line === lineOf(name) ? stepOf(name) : undefined;
  } catch (error) {
    if (error instanceof VaelabError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
};
