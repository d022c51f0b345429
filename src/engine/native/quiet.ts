/** Loads the native library without TensorFlow's line about oneDNN, which no setting silences; see engine/quiet.cc. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../candidates.js";

/** Built with the binding. A tfjs-node from elsewhere lacks it, and then the line is printed. */
export const QUIET_ADDON = "quiet.node";

const KNOWN_LINES = [/^WARNING: All log messages before absl::InitializeLog/, /oneDNN custom operations are on/];

interface QuietAddon {
  hold(): void;
  release(): string;
}

export const quietly = <T>(home: Home, load: () => T): T => {
  if (!existsSync(join(home.folder, QUIET_ADDON))) return load();
  const addon = home.require(`./${QUIET_ADDON}`) as QuietAddon;
  addon.hold();
  try {
    return load();
  } finally {
    const lines = addon.release().split("\n");
    const others = lines.filter((line) => line.trim() !== "" && !KNOWN_LINES.some((known) => known.test(line)));
    if (others.length > 0) process.stderr.write(`${others.join("\n")}\n`);
  }
};
