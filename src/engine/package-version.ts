import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./folders.js";

/** Version of this package. */
export const version = (): string => {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return version;
};
