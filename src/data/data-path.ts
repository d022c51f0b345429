/** Where what a spec names lies. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { DataPlace } from "../contracts/dataset.js";

/** A path of the spec; data of an earlier run that were moved are found by their name alone. */
export const pathAt = ({ folder, moved }: DataPlace, name: string): string => {
  const path = resolve(folder, name);
  const byName = join(folder, basename(name));
  return moved?.byName && !existsSync(path) && existsSync(byName) ? byName : path;
};
