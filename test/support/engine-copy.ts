/** Copies of the installed engine to damage or to build from: hard links, so that its 700 MB cost nothing. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { engineFolder, engineRoot } from "../../src/engine/folders.js";

/** A folder beside the engine's, for hard links do not cross file systems. */
export const scratchFolder = (): string => mkdtempSync(join(dirname(engineRoot()), "test-"));

/** Puts a copy of the engine into an engine root and returns the copy. */
export const copyEngine = (root: string): string => {
  const folder = engineFolder(root);
  mkdirSync(root, { recursive: true });
  execFileSync("cp", ["-al", engineFolder(), folder]);
  return folder;
};

/** Gives a file of a copy other bytes; writing to it in place would write to the engine itself. */
export const replaceFile = (file: string, bytes: string | Buffer): void => {
  rmSync(file);
  writeFileSync(file, bytes);
};
