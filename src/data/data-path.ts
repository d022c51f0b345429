/** Resolves the data paths of a spec. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { DataPlace } from "../contracts/dataset.js";

/** Resolves a path of the spec. Data that moved since an earlier run are found by file name. */
export const pathAt = ({ folder, moved }: DataPlace, name: string): string => {
  const path = resolve(folder, name);
  const byName = join(folder, basename(name));
  return moved?.byName && !existsSync(path) && existsSync(byName) ? byName : path;
};
