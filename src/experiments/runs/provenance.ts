/** Where a run came from: enough to make it again, or to see why another machine gave other bytes. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { arch, cpus, hostname, platform, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Dataset } from "../../contracts/dataset.js";
import type { Engine } from "../../engine/engine.js";
import { VaelabError } from "../../errors.js";
import { sha256File } from "../../storage/files.js";
import { isObject, readJson } from "../../storage/json.js";
import { RUN_FILES } from "../../storage/layout.js";

const LARGEST_PATCH = 1 << 20;

const git = async (folder: string, ...args: string[]): Promise<string | null> => {
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", folder, ...args], {
      maxBuffer: LARGEST_PATCH,
      timeout: 5000,
    });
    return stdout.trim();
  } catch {
    // Not a repository, no git, or a patch too long to keep: the run is none the worse.
    return null;
  }
};

const nearestLockfile = (folder: string): string | undefined => {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "package-lock.json");
    if (existsSync(file)) return file;
    if (dirname(at) === at) return undefined;
  }
};

export interface Provenance {
  vaelab: string;
  git: { commit: string | null; patch: string | null };
  lockfileSha256: string | null;
  data: { sha256: string; sizes: Readonly<Record<string, number>>; preparation?: unknown };
  engine: { name: string; version: string; build?: number; threads: number; capture: string };
  node: string;
  host: {
    name: string;
    platform: string;
    release: string;
    arch: string;
    cpu: string;
    cores: number;
    memoryBytes: number;
  };
}

export const provenanceOf = async (
  folder: string,
  { dataset, engine, version, capture }: { dataset: Dataset; engine: Engine; version: string; capture: string },
): Promise<Provenance> => {
  const lockfile = nearestLockfile(folder);
  const [commit, patch] = await Promise.all([git(folder, "rev-parse", "HEAD"), git(folder, "diff", "HEAD")]);
  return {
    vaelab: version,
    git: { commit, patch },
    lockfileSha256: lockfile ? sha256File(lockfile) : null,
    data: {
      sha256: dataset.sha256,
      sizes: dataset.sizes,
      ...(dataset.preparation !== undefined && { preparation: dataset.preparation }),
    },
    engine: {
      name: engine.name,
      version: engine.version,
      ...(engine.build !== undefined && { build: engine.build }),
      threads: engine.threads,
      capture,
    },
    node: process.version,
    host: {
      name: hostname(),
      platform: platform(),
      release: release(),
      arch: arch(),
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryBytes: totalmem(),
    },
  };
};

/** What a run's folder keeps of how its data were prepared, if it is there and holds any. */
export const keptPreparation = (folder: string): unknown => {
  const path = join(folder, RUN_FILES.provenance);
  const before = existsSync(path) ? readJson(path) : undefined;
  return isObject(before) && isObject(before.data) ? before.data.preparation : undefined;
};

const engineName = ({ name, version, build, threads }: Readonly<Record<string, unknown>>): string =>
  `${name} ${version}${build === undefined ? "" : ` (build ${build})`} with ${threads} thread${threads === 1 ? "" : "s"}`;

/** @throws RUN_FOLDER where the run was trained on other data than there are now. */
export const assertSameData = (before: unknown, sha256: string, folder: string): void => {
  if (isObject(before) && isObject(before.data) && before.data.sha256 !== sha256)
    throw new VaelabError("RUN_FOLDER", {
      message: "the data are not those that the run was trained on",
      where: folder,
      remedy: "Put them back, or start a new run.",
    });
};

/**
 * A run that goes on, against what it began with: on another engine it goes on to other bytes, and is told so.
 * @throws RUN_FOLDER on other data: half of each would be no run at all.
 */
export const compareProvenance = (
  before: Readonly<Record<string, unknown>>,
  now: Provenance,
  folder: string,
  warn: (message: string) => void,
): void => {
  assertSameData(before, now.data.sha256, folder);
  if (isObject(before.engine) && engineName(before.engine) !== engineName(now.engine))
    warn(
      `the run began on ${engineName(before.engine)} and goes on with ${engineName(now.engine)}: its figures are not those of either alone`,
    );
};
