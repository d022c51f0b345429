import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../engine/folders.js";

/** Of the package that this command is part of. */
export const version = (): string => {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return version;
};
