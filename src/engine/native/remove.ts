/** `vaelab engine remove`: deletes what installations created in a folder, and nothing else. */
import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { engineRoot } from "../folders.js";
import { withLock } from "./lock.js";

const OURS = /^(tensorflow-.+-tfjs-.+|wheels|\.building-.+|\.replaced-.+)$/;

/** Returns the deleted names. Waits for a running installation. */
export const removeNative = async (root = engineRoot()): Promise<string[]> => {
  if (!existsSync(root)) return [];
  const removed = await withLock(join(root, "lock"), async () => {
    const names = readdirSync(root).filter((name) => OURS.test(name));
    for (const name of names) rmSync(join(root, name), { recursive: true, force: true });
    return names;
  });
  if (readdirSync(root).length === 0) rmdirSync(root);
  return removed;
};
