/** The manifest of a finished engine folder. It is written last, so its presence shows that the folder is whole. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface EngineManifest {
  id: string;
  tensorflow: string;
  tfjs: string;
  wheelSha256: string;
  compiler: string;
  stripped: boolean;
  /** Bytes of each file that was built or unpacked here, by path in the folder. */
  files: Record<string, number>;
}

export const MANIFEST = "manifest.json";

/** The manifest of a whole engine, a string that says what is wrong, or undefined if there is no engine. */
export const readManifest = (folder: string): EngineManifest | string | undefined => {
  let manifest: EngineManifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")) as EngineManifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return statSync(folder, { throwIfNoEntry: false }) ? `${folder} has no ${MANIFEST}` : undefined;
    return `${join(folder, MANIFEST)} cannot be read: ${(error as Error).message}`;
  }
  for (const [file, bytes] of Object.entries(manifest.files ?? {})) {
    const size = statSync(join(folder, file), { throwIfNoEntry: false })?.size;
    if (size !== bytes)
      return `${join(folder, file)} ${size === undefined ? "is missing" : `has ${size} bytes, not ${bytes}`}`;
  }
  return manifest;
};
