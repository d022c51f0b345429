/** Provenance of a run: enough to reproduce it, or to explain why another machine gave other bytes. */
import { existsSync } from "node:fs";
import { arch, cpus, hostname, platform, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { DataPlace, Dataset } from "../../contracts/dataset.js";
import type { Engine } from "../../engine/engine.js";
import { version } from "../../engine/package-version.js";
import { VaelabError } from "../../errors.js";
import type { Plugin } from "../../registry/plugins/load.js";
import { readVersioned } from "../../storage/format.js";
import { isObject } from "../../storage/json.js";
import { RUN_FILES } from "../../storage/layout.js";
import { sha256File, statsOf } from "../../storage/read-file.js";
import { commitOf, diffOf } from "./repository.js";

/** Largest size of a lockfile; a larger file is not one. */
const LARGEST_LOCKFILE = 2 ** 26;

const nearestLockfile = (folder: string): string | undefined => {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "package-lock.json");
    const status = statsOf(file);
    if (status?.isFile() && status.size <= LARGEST_LOCKFILE) return file;
    if (dirname(at) === at) return undefined;
  }
};

/** Software and hardware of the computation. */
export interface ComputedWith {
  vaelab: string;
  /** With SHA-256s, which say whether they are still the same. */
  plugins: readonly Plugin[];
  data: { sha256: string; sizes: Readonly<Record<string, number>>; preparation?: unknown };
  engine: { name: string; version: string; build?: number; threads: number; capture: string };
}

export interface Provenance extends ComputedWith {
  /** `patch`: what was changed against the commit, where it was asked for. */
  git: { commit: string | null; patch: string | null };
  lockfileSha256: string | null;
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

export const computedWith = ({
  plugins,
  dataset,
  engine,
  capture,
}: {
  plugins: readonly Plugin[];
  dataset: Dataset;
  engine: Engine;
  capture: string;
}): ComputedWith => ({
  vaelab: version(),
  plugins,
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
});

/** @param folder where the spec lies. @param diff keep what is changed there. @throws USAGE where git gives no diff */
export const provenanceOf = async (folder: string, computed: ComputedWith, diff: boolean): Promise<Provenance> => {
  const lockfile = nearestLockfile(folder);
  return {
    ...computed,
    git: { commit: commitOf(folder), patch: diff ? await diffOf(folder) : null },
    lockfileSha256: lockfile ? sha256File(lockfile) : null,
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

/** The patch that a run was started with, which resuming it does not make again. */
export const withPatchOf = (before: unknown, now: Provenance): Provenance => {
  const kept = isObject(before) && isObject(before.git) ? before.git.patch : null;
  return now.git.patch === null && typeof kept === "string" ? { ...now, git: { ...now.git, patch: kept } } : now;
};

/** What a run's folder keeps of how its data were prepared, if it is there and holds any. */
export const keptPreparation = (folder: string): unknown => {
  const path = join(folder, RUN_FILES.provenance);
  const before = existsSync(path) ? readVersioned(path) : undefined;
  return isObject(before) && isObject(before.data) ? before.data.preparation : undefined;
};

/** A provenance may be damaged. */
const shown = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "unknown";

const engineName = ({ name, version, build, threads }: Readonly<Record<string, unknown>>): string =>
  `${shown(name)} ${shown(version)}${build === undefined ? "" : ` (build ${shown(build)})`} with ${shown(threads)} thread${threads === 1 ? "" : "s"}`;

/** @throws RUN_FOLDER where the run was trained on other data than there are now. */
export const assertSameData = (
  before: unknown,
  sha256: string,
  { folder, place }: { folder: string; place: DataPlace },
): void => {
  if (isObject(before) && isObject(before.data) && before.data.sha256 !== sha256)
    throw new VaelabError("RUN_FOLDER", {
      message: `the data${place.moved?.byName ? ` in ${place.folder}` : ""} are not those that the run was trained on`,
      where: folder,
      remedy: "Put them back, name the folder that holds them (--data-folder DIR), or start a new run.",
    });
};

/**
 * Compares a resumed run with its start: another engine gives other bytes, which is reported.
 * @throws RUN_FOLDER if the data differ.
 */
export const compareProvenance = (
  before: Readonly<Record<string, unknown>>,
  now: Provenance,
  at: { folder: string; place: DataPlace },
  warn: (message: string) => void,
): void => {
  assertSameData(before, now.data.sha256, at);
  if (isObject(before.engine) && engineName(before.engine) !== engineName(now.engine))
    warn(
      `the run began on ${engineName(before.engine)} and goes on with ${engineName(now.engine)}: its figures are not those of either alone`,
    );
};
