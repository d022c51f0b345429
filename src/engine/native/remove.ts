/** `vaelab engine remove`: what installations left in a folder, and nothing else that may lie there. */
import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { engineRoot } from "../folders.js";
import { withLock } from "./lock.js";

const OURS = /^(tensorflow-.+-tfjs-.+|wheels|\.building-.+|\.replaced-.+)$/;

/** Names of what was deleted; waits for an installation that is under way. */
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
